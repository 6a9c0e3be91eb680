// Reachability, for supervisors: each inbox's share of customers who had a person in time, day by day against its target.
import { Badge, Group, Text } from "@mantine/core";
import { shortDuration } from "../../ui/duration";
import { toTenths } from "../../ui/percent";
import { percent, type ReachDay, type ReachOfInbox, reached, sum } from "../desk/reach";
import { AskedDrawer } from "./AskedDrawer";
import { ReachChart } from "./ReachChart";
import styles from "./reach.module.css";

export function Reach(drawer: { isOpen: boolean; onClose: () => void }) {
  return (
    <AskedDrawer {...drawer} title="Reachability" size="lg" testId="reach" question={reached}>
      {(found) => found.map((inbox) => <Inbox key={inbox.inbox_id} inbox={inbox} />)}
    </AskedDrawer>
  );
}

function Inbox({ inbox }: { inbox: ReachOfInbox }) {
  const all = sum(inbox.periods);
  const judged = all.met + all.missed;
  const isKept = 100 * all.met >= inbox.target_percent * judged;
  const today = inbox.periods.find((one) => one.begins === inbox.until);
  return (
    <section className={styles.inbox} data-testid="reach-inbox">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <h3 className={styles.name}>{inbox.name}</h3>
          <Text size="sm" c="dimmed">
            A person within {inbox.target_s} s for {toTenths(inbox.target_percent / 100)} of those who ask in hours
          </Text>
        </div>
        {judged > 0 && (
          <Badge
            size="lg"
            variant="light"
            color={isKept ? "teal" : "red"}
            style={{ flexShrink: 0 }}
            data-testid="reach-share"
          >
            {percent(all.met, judged)}
          </Badge>
        )}
      </Group>
      {judged === 0 ? (
        <Text size="sm" c="dimmed" mt="sm">
          Nobody has asked for a person in hours in the last 28 days.
        </Text>
      ) : (
        <ReachChart inbox={inbox} />
      )}
      {today && <Figures title="Today" day={today} />}
      <Text size="xs" c="dimmed" mt="xs">
        In 28 days: {all.missed} not in time, {all.chose_date} took a date, {all.left} left before it could be told;{" "}
        {all.kept} promises kept, {all.broken} broken.
      </Text>
    </section>
  );
}

function Figures({ title, day }: { title: string; day: ReachDay }) {
  const least = day.waiting > 0 ? "≥ " : "";
  const wait = (seconds: number | null) => (seconds === null ? "–" : `${least}${exactWait(seconds)}`);
  const figures = [
    ["In time", `${day.met} of ${day.met + day.missed}`],
    ["Waiting now", String(day.waiting)],
    ["Took a date", String(day.chose_date)],
    ["Median wait", wait(day.median_s)],
    ["95% within", wait(day.p95_s)],
  ];
  return (
    <>
      <h4 className={styles.when}>{title}</h4>
      <dl className={styles.figures} aria-label={title} data-testid="reach-today">
        {figures.map(([name, figure]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{figure}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** In the unit of the target as long as it can be compared with one. */
const exactWait = (seconds: number) => (seconds < 600 ? `${Math.ceil(seconds)} s` : shortDuration(seconds));
