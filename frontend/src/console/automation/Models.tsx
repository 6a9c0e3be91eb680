// Versions of the model that reads: their figures, what a candidate would change, promoting and going back.
import { Badge, Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { shortDate } from "../../ui/duration";
import { alwaysTenths } from "../../ui/percent";
import {
  beside,
  countOf,
  type Figure,
  type ModelVersion,
  models,
  pointsBeside,
  promote,
  remarksOf,
  rollback,
} from "../desk/automation";
import { isProblem, type Problem } from "../desk/session";
import { Loaded, Said, useAsked } from "../shell/useAsked";
import styles from "./automation.module.css";
import { Checked } from "./Checked";
import { Train } from "./Train";

export function Models() {
  const asked = useAsked(models);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState<number | "back" | null>(null);
  const act = (what: number | "back", done: Promise<object | Problem>) => {
    setBusy(what);
    void done.then((answer) => {
      setBusy(null);
      setProblem(isProblem(answer) ? answer.advice : null);
      if (!isProblem(answer)) asked.again();
    });
  };
  return (
    <Loaded {...asked}>
      {({ live, items }) => (
        <>
          <Text size="sm" c="dimmed" mb="sm">
            One version reads every message. Promoting and going back take effect with the next one, without a restart.
          </Text>
          <Train onVersion={asked.again} />
          <Said problem={problem} />
          <ul className={styles.list}>
            {items.map((model) => (
              <Version
                key={model.number}
                model={model}
                live={items.find(({ is_live }) => is_live)}
                isBusy={busy === model.number}
                isGoingBack={busy === "back"}
                onPromote={() => act(model.number, promote(model.number))}
                onRollback={() => act("back", rollback())}
              />
            ))}
            <li className={styles.limit} data-testid="model-shipped">
              <div className={styles.head}>
                <div className={styles.words}>
                  <Text fw={600} size="sm">
                    Shipped examples
                  </Text>
                  <Text size="sm" c="dimmed">
                    Reads until a version is promoted. Nothing is known of how often it is right.
                  </Text>
                </div>
                {live === null && <Badge>Live</Badge>}
              </div>
            </li>
          </ul>
        </>
      )}
    </Loaded>
  );
}

interface VersionProps {
  model: ModelVersion;
  live: ModelVersion | undefined;
  isBusy: boolean;
  isGoingBack: boolean;
  onPromote: () => void;
  onRollback: () => void;
}

function Version({ model, live, isBusy, isGoingBack, onPromote, onRollback }: VersionProps) {
  const { number, is_live } = model;
  const [isChecked, setChecked] = useState(false);
  const other = is_live ? undefined : live;
  const differences = other === undefined ? [] : beside(model, other);
  return (
    <li className={styles.limit} data-testid="model" data-number={number} data-live={is_live}>
      <div className={styles.head}>
        <div className={styles.words}>
          <Text fw={600} size="sm">
            Version {number}
          </Text>
          <Text size="sm" c="dimmed">
            {shortDate(model.made_at)}, from {countOf(model)} examples,{" "}
            {model.encoder === "" ? "words alone" : "words and meaning"}
          </Text>
          {differences.length > 0 && (
            <Text size="sm" c="dimmed">
              Beside the live one: {differences.join("; ")}
            </Text>
          )}
        </div>
        {is_live && <Badge>Live</Badge>}
      </div>
      <Figures metrics={model.metrics} before={other?.metrics} />
      <Remarks remarks={remarksOf(model)} />
      <Group gap="xs">
        {is_live ? (
          <Button size="compact-sm" variant="default" loading={isGoingBack} onClick={onRollback} data-testid="rollback">
            Back to the one before
          </Button>
        ) : (
          <>
            <Button size="compact-sm" variant="default" onClick={() => setChecked(true)} data-testid="model-check">
              What would change?
            </Button>
            <Button size="compact-sm" loading={isBusy} onClick={onPromote} data-testid="promote">
              Promote
            </Button>
          </>
        )}
      </Group>
      {isChecked && !is_live && <Checked model={number} />}
    </li>
  );
}

function Remarks({ remarks }: { remarks: readonly string[] }) {
  if (remarks.length === 0) return null;
  return (
    <details className={styles.shipped} data-testid="remarks">
      <summary>What would make it read better</summary>
      <ul className={styles.remarks}>
        {remarks.map((remark) => (
          <li key={remark}>{remark}</li>
        ))}
      </ul>
    </details>
  );
}

const FIGURES = [
  { key: "accuracy", name: "Right intent" },
  { key: "auroc_outside", name: "Tells ours from others" },
  { key: "ece", name: "Sureness off by" },
] as const;

type Metrics = ModelVersion["metrics"];

/** Each with its 95% interval: the whole width is 0 to 1. */
function Figures({ metrics, before }: { metrics: Metrics; before: Metrics | undefined }) {
  return (
    <dl className={styles.costs}>
      {FIGURES.map(({ key, name }) => {
        const found = metrics[key];
        if (found === undefined) return null;
        const was = (before?.[key] as unknown as Figure | undefined)?.value;
        return <Interval key={key} name={name} figure={found as unknown as Figure} before={was} />;
      })}
    </dl>
  );
}

interface IntervalProps {
  name: string;
  figure: Figure;
  before: number | undefined;
}

function Interval({ name, figure: { value, low, high }, before }: IntervalProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd title={`95% interval: ${alwaysTenths(low)} to ${alwaysTenths(high)}`}>
        <span className={styles.interval} aria-hidden="true">
          <i style={{ insetInlineStart: `${100 * low}%`, inlineSize: `${100 * (high - low)}%` }} />
          <b style={{ insetInlineStart: `${100 * value}%` }} />
        </span>
        <span className={styles.figureValue}>{alwaysTenths(value)}</span>
        <span className={styles.range}>
          {(100 * low).toFixed(1)}–{(100 * high).toFixed(1)}
        </span>
        {before !== undefined && (
          <span className={styles.delta} title="Points beside the live version">
            {pointsBeside(value, before)}
          </span>
        )}
      </dd>
    </div>
  );
}
