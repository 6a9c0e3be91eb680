// Training a new version: asked for here, done beside a worker; how far it is, and what stops it.
import { Button, Group, Loader, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { shortDate } from "../../ui/duration";
import { isUnderWay, type Training, type Trainings, train, trainings } from "../desk/automation";
import { isProblem, type Problem } from "../desk/session";
import { Loaded, Said, useAsked } from "../shell/useAsked";
import styles from "./automation.module.css";

const LOOKS_EVERY_MS = 1_000;

export function Train({ onVersion }: { onVersion: () => void }) {
  const asked = useAsked(trainings);
  const [problem, setProblem] = useState<string | null>(null);
  const [isAsking, setAsking] = useState(false);
  const latest = asked.shown !== null && !isProblem(asked.shown) ? asked.shown.latest : null;
  useUnderWay(latest, asked.again, onVersion);
  const begin = () => {
    setAsking(true);
    void train().then((answer: Trainings | Problem) => {
      setAsking(false);
      setProblem(isProblem(answer) ? answer.advice : null);
      asked.again();
    });
  };
  return (
    <Loaded {...asked}>
      {({ examples, new_examples }) => (
        <section className={styles.form} aria-label="Training">
          <Group justify="space-between" gap="sm">
            <Text size="sm" className={styles.words}>
              {learnsFrom(examples, new_examples)}
            </Text>
            <Button size="xs" onClick={begin} loading={isAsking} disabled={isUnderWay(latest)} data-testid="train">
              {latest?.state === "failed" ? "Train again" : "Train a version"}
            </Button>
          </Group>
          <Said problem={problem} />
          {latest !== null && <Progress training={latest} />}
        </section>
      )}
    </Loaded>
  );
}

/** Looks again while it is under way; the versions are read anew when it has ended. */
function useUnderWay(latest: Training | null, again: () => void, onEnd: () => void) {
  const was = useRef(false);
  const isUnder = isUnderWay(latest);
  useEffect(() => {
    if (was.current && !isUnder) onEnd();
    was.current = isUnder;
    if (!isUnder) return;
    const wait = setInterval(again, LOOKS_EVERY_MS);
    return () => clearInterval(wait);
  }, [isUnder, again, onEnd]);
}

function Progress({ training: { state, lines, problem, model, by, asked_at } }: { training: Training }) {
  return (
    <div role="status" data-testid="training" data-state={state}>
      {state === "waiting" && <Working>Waiting for a worker…</Working>}
      {state === "training" && <Working>{lines.at(-1) ?? "Gathering examples…"}</Working>}
      {state === "done" && (
        <Text size="sm">
          The training of {shortDate(asked_at)}
          {by !== null && ` (${by})`} came to version {model}: see below what it would change, and promote it.
        </Text>
      )}
      {state === "failed" && (
        <>
          <Text size="sm" fw={600}>
            The training of {shortDate(asked_at)} came to nothing.
          </Text>
          <Text size="sm" className={styles.lines}>
            {problem}
          </Text>
        </>
      )}
      {lines.length > 0 && (
        <details className={styles.shipped}>
          <summary>How it went</summary>
          <pre className={styles.told}>{lines.join("\n")}</pre>
        </details>
      )}
    </div>
  );
}

function Working({ children }: { children: React.ReactNode }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <Loader size={16} />
      <Text size="sm">{children}</Text>
    </Group>
  );
}

function learnsFrom(examples: number, fresh: number): string {
  const from = "A version learns from the shipped examples, agents’ scores";
  if (examples === 0) return `${from} and your own examples. There are none yet: correct a reading under “Why?”.`;
  const own = examples === 1 ? "1 example of your own" : `${examples} examples of your own`;
  return `${from} and ${own}${fresh > 0 ? `, ${fresh} of them new` : ""}.`;
}
