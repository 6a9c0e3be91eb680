// Help on request while an agent writes: a summary, the passages that apply, a draft he may take and change.
import { ActionIcon, Button, Loader, Text } from "@mantine/core";
import { IconSparkles, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { type Help, helpWith, type Passage } from "../desk/copilot";
import styles from "./copilot.module.css";

type Shown = { status: "closed" | "asking" | "failed" } | { status: "open"; help: Help };

interface Props {
  conversation: string;
  /** Puts a text into the composer, where the agent reads it before he sends it. */
  onTake: (text: string) => void;
}

export function Copilot({ conversation, onTake }: Props) {
  const [shown, setShown] = useState<Shown>({ status: "closed" });

  async function ask() {
    setShown({ status: "asking" });
    const help = await helpWith(conversation);
    setShown(help === null ? { status: "failed" } : { status: "open", help });
  }

  function take(text: string) {
    onTake(text);
    setShown({ status: "closed" });
  }

  if (shown.status === "closed" || shown.status === "asking")
    return (
      <Button
        size="compact-sm"
        variant="subtle"
        className={styles.ask ?? ""}
        leftSection={shown.status === "asking" ? <Loader size={14} /> : <IconSparkles size={15} />}
        disabled={shown.status === "asking"}
        onClick={() => void ask()}
        data-testid="copilot-ask"
      >
        {shown.status === "asking" ? "Looking…" : "Help me reply"}
      </Button>
    );
  return (
    <section className={styles.panel} aria-label="Help for your reply" data-testid="copilot">
      <ActionIcon
        className={styles.close ?? ""}
        variant="subtle"
        color="gray"
        aria-label="Close"
        onClick={() => setShown({ status: "closed" })}
      >
        <IconX size={16} />
      </ActionIcon>
      {shown.status === "open" ? (
        <Shows help={shown.help} onTake={take} />
      ) : (
        <Text size="sm">The desk could not look this up. Write your reply, or ask again in a moment.</Text>
      )}
    </section>
  );
}

function Shows({ help, onTake }: { help: Help; onTake: (text: string) => void }) {
  return (
    <>
      <p className={styles.summary} dir="auto">
        {help.summary}
      </p>
      {help.draft !== "" && (
        <div className={styles.draft}>
          <Text size="xs" fw={600} c="dimmed">
            {help.drafted_by === "model" ? "Draft, from the articles" : "Draft, an article’s own words"}
          </Text>
          <p dir="auto">{help.draft}</p>
          <Button size="compact-sm" onClick={() => onTake(help.draft)} data-testid="copilot-take">
            Use this draft
          </Button>
        </div>
      )}
      {help.passages.slice(help.drafted_by === "passage" ? 1 : 0).map((passage) => (
        <Found key={`${passage.article_id}/${passage.heading}/${passage.text}`} passage={passage} onTake={onTake} />
      ))}
      {help.passages.length === 0 && <Text size="sm">No article speaks of this.</Text>}
    </>
  );
}

function Found({ passage, onTake }: { passage: Passage; onTake: (text: string) => void }) {
  return (
    <details className={styles.passage}>
      <summary dir="auto">
        {passage.title}
        {passage.heading !== "" && `: ${passage.heading}`}
      </summary>
      <p dir="auto">{passage.text}</p>
      <Button size="compact-xs" variant="default" onClick={() => onTake(passage.text)}>
        Use these words
      </Button>
    </details>
  );
}
