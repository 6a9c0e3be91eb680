// Golden questions asked of a candidate: what it would change, and what it would get newly wrong.
import { Button, Group, Loader, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useCallback, useEffect, useState } from "react";
import { type Judged, outcomeName, type Run, runGolden } from "../desk/automation";
import { isProblem, type Problem } from "../desk/session";
import { Said } from "../shell/useAsked";
import styles from "./automation.module.css";

export function Checked({ model }: { model: number }) {
  const [state, setState] = useState<Run["state"]>("waiting");
  const [run, setRun] = useState<Run | Problem | null>(null);
  const check = useCallback(() => {
    setRun(null);
    void runGolden(model, setState).then(setRun);
  }, [model]);
  useEffect(check, [check]);
  if (run === null) return <Asking state={state} />;
  if (isProblem(run))
    return (
      <>
        <Said problem={run.advice} />
        <Button size="compact-sm" variant="default" onClick={check}>
          Ask again
        </Button>
      </>
    );
  const changed = run.items.filter(({ got, before }) => got !== before);
  const worse = changed.filter((each) => each.worse);
  return (
    <div data-testid="checked" role="status">
      <Group gap={6} wrap="nowrap" align="flex-start">
        {worse.length === 0 ? (
          <IconCircleCheck size={18} className={styles.good} aria-hidden="true" />
        ) : (
          <IconAlertTriangle size={18} className={styles.bad} aria-hidden="true" />
        )}
        <Text size="sm" fw={600}>
          {verdict(run.items, changed, worse)}
        </Text>
      </Group>
      <ul className={styles.changes}>
        {changed.map((each) => (
          <li key={each.id} data-worse={each.worse}>
            <span dir="auto">“{each.question}”</span>
            <Text size="xs" c="dimmed">
              Now {outcomeName(each.before)}, then {outcomeName(each.got)}; must get {outcomeName(each.expected)}
            </Text>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function Asking({ state }: { state: Run["state"] }) {
  return (
    <Group gap="xs" role="status">
      <Loader size={16} />
      <Text size="sm">{state === "waiting" ? "Waiting for a worker…" : "Asking the golden questions…"}</Text>
    </Group>
  );
}

function verdict(all: readonly Judged[], changed: readonly Judged[], worse: readonly Judged[]): string {
  if (all.length === 0) return "There are no golden questions to ask: add some first.";
  if (changed.length === 0) return `Nothing would change in ${all.length} golden questions.`;
  const changes = `${changed.length} of ${all.length} golden questions would come out otherwise`;
  return worse.length === 0 ? `${changes}, none of them worse.` : `${changes}, ${worse.length} of them worse.`;
}
