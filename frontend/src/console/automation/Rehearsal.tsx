// A flow tried as a customer would go through it. Nothing is sent, stored or called.
import { Button, Group, NativeSelect, Text, TextInput, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type Flow, type Said, type Spec, tryFlow } from "../desk/flows";
import { isProblem, type Problem } from "../desk/session";
import { inWords } from "../desk/words";
import styles from "./flow.module.css";

export function Rehearsal({ flow, draft }: { flow: Flow; draft: Spec | null }) {
  const [said, setSaid] = useState<string[]>([]);
  const [text, setText] = useState("");
  const [refuses, setRefuses] = useState("");
  const [told, setTold] = useState<{ items: Said[] } | Problem | null>(null);
  const show = (all: string[], code: string) => {
    setSaid(all);
    setRefuses(code);
    if (all.length === 0) return setTold(null);
    void tryFlow(flow, all, code, draft).then(setTold);
  };
  const say = (event: FormEvent) => {
    event.preventDefault();
    show([...said, text], refuses);
    setText("");
  };
  const codes = Object.keys((draft ?? flow.spec).refusals);
  return (
    <section aria-labelledby="try-flow" className={styles.rehearsal}>
      <Title order={4} size="h6" id="try-flow">
        {draft === null ? "Try it" : "Try it before you save"}
      </Title>
      <Text size="sm" c="dimmed">
        As a customer would. Nothing is stored, no letter sent, the merchant not called.
      </Text>
      {told !== null && <Told told={told} />}
      <form onSubmit={say} className={styles.saying}>
        <TextInput
          aria-label="The customer says"
          placeholder={said.length === 0 ? "What the customer writes first" : "What the customer answers"}
          maxLength={2000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data-testid="flow-say"
        />
        <Button type="submit" variant="default" disabled={text.trim() === ""} data-testid="flow-try">
          Say
        </Button>
      </form>
      <Group gap="xs" align="flex-end">
        <NativeSelect
          label="The merchant"
          value={refuses}
          onChange={(event) => show(said, event.currentTarget.value)}
          data={[
            { value: "", label: "does it" },
            ...codes.map((code) => ({ value: code, label: `refuses: ${inWords(code).toLowerCase()}` })),
          ]}
        />
        {said.length > 0 && (
          <>
            {draft !== null && (
              <Button variant="default" onClick={() => show(said, refuses)}>
                Once more
              </Button>
            )}
            <Button variant="default" onClick={() => show([], refuses)}>
              From the start
            </Button>
          </>
        )}
      </Group>
    </section>
  );
}

function Told({ told }: { told: { items: Said[] } | Problem }) {
  if (isProblem(told)) return <Text size="sm">{told.advice}</Text>;
  return (
    <ol className={styles.told} aria-live="polite" data-testid="flow-told">
      {told.items.map(({ who, text }, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the answer is shown anew as a whole
        <li key={n} data-who={who} dir="auto">
          {text}
        </li>
      ))}
    </ol>
  );
}
