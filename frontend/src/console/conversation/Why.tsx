// Why the bot answered, or a person was called: the sentences, the signals folded away, and a correction.
import { Button, Loader, Modal, NativeSelect, Stack, Text } from "@mantine/core";
import { useCallback, useState } from "react";
import { intentName } from "../desk/automation";
import { correct, type Explanation, explanation, intents, signalsInWords } from "../desk/explanation";
import { isProblem } from "../desk/session";
import { Loaded, Said, useAsked } from "../shell/useAsked";
import styles from "./why.module.css";

interface Props {
  conversation: string;
  seq: number;
}

export function Why({ conversation, seq }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={styles.ask} onClick={() => setOpen(true)} data-testid="why">
        Why?
      </button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="Why?" centered>
        {isOpen && <Asked conversation={conversation} seq={seq} />}
      </Modal>
    </>
  );
}

function Asked({ conversation, seq }: Props) {
  const asked = useAsked(useCallback(() => explanation(conversation, seq), [conversation, seq]));
  if (asked.shown !== null && isProblem(asked.shown)) return <Text size="sm">{asked.shown.advice}</Text>;
  return <Loaded {...asked}>{(found) => <Told found={found} />}</Loaded>;
}

function Told({ found }: { found: Explanation }) {
  const { headline, because, also, again, is_confirmed, signals } = found;
  return (
    <Stack gap="sm" data-testid="explanation">
      <blockquote className={styles.said} dir="auto">
        {found.text}
      </blockquote>
      <Text size="sm" fw={600}>
        {headline}
      </Text>
      <Text size="sm">{[because, ...also].join(" ")}</Text>
      <Text size="xs" c={is_confirmed ? "dimmed" : "var(--desk-warn)"}>
        {again}
      </Text>
      <details className={styles.signals}>
        <summary>What was read</summary>
        <dl>
          {signalsInWords(signals).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
      <Correct found={found} />
    </Stack>
  );
}

const PERSON = "person";
const OUTSIDE = "oos";

function Correct({ found }: { found: Explanation }) {
  const { shown } = useAsked(intents);
  const [chosen, setChosen] = useState("");
  const [state, setState] = useState<"open" | "saving" | "saved">("open");
  const [problem, setProblem] = useState<string | null>(null);
  if (shown === null) return <Loader size="xs" aria-label="Loading" />;
  if (isProblem(shown) || found.text === "") return null;
  if (state === "saved")
    return (
      <Text size="sm" role="status" data-testid="corrected">
        Noted: the next training learns from it.
      </Text>
    );
  const save = async () => {
    setState("saving");
    const answer = await correct(found, chosen);
    setProblem(isProblem(answer) ? answer.advice : null);
    setState(isProblem(answer) ? "open" : "saved");
  };
  return (
    <Stack gap="xs" className={styles.correct ?? ""}>
      <NativeSelect
        label="Read wrongly? What the customer wanted:"
        value={chosen}
        onChange={(event) => setChosen(event.currentTarget.value)}
        data={[
          { value: "", label: "Choose" },
          { value: PERSON, label: "A person" },
          { value: OUTSIDE, label: intentName(OUTSIDE) },
          ...shown.items
            .filter((name) => name !== found.signals.intent?.name && name !== OUTSIDE)
            .map((name) => ({ value: name, label: intentName(name) })),
        ]}
        data-testid="correct-intent"
      />
      <Said problem={problem} />
      <Button
        size="xs"
        disabled={chosen === ""}
        loading={state === "saving"}
        onClick={() => void save()}
        style={{ justifySelf: "start", alignSelf: "flex-start" }}
        data-testid="correct-save"
      >
        Correct it
      </Button>
    </Stack>
  );
}
