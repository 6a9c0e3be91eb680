// One bar a day, with the target as a line across; below it a bar is red. What is drawn is also said, day by day.

import { toTenths } from "../../ui/percent";
import { everyDay, floorOf, heightOf, percent, type ReachDay, type ReachOfInbox } from "../desk/reach";
import styles from "./reach.module.css";

const WIDTH = 560;
const HEIGHT = 132;
const LEFT = 60;
const TOP = 14;
const GAP = 3;

export function ReachChart({ inbox }: { inbox: ReachOfInbox }) {
  const days = everyDay(inbox);
  const target = inbox.target_percent / 100;
  const floor = floorOf(
    inbox.periods.flatMap((one) => one.share ?? []),
    target,
  );
  const wide = (WIDTH - LEFT) / days.length;
  const y = (share: number) => TOP + HEIGHT * (1 - heightOf(share, floor));
  return (
    <svg
      className={styles.chart}
      viewBox={`0 0 ${WIDTH} ${TOP + HEIGHT + 20}`}
      role="img"
      aria-label={said(inbox)}
      data-testid="reach-chart"
    >
      {[1, floor].map((share) => (
        <g key={share}>
          <line className={styles.grid} x1={LEFT} x2={WIDTH} y1={y(share)} y2={y(share)} />
          <text className={styles.label} x={LEFT - 6} y={y(share) + 4} textAnchor="end">
            {toTenths(share)}
          </text>
        </g>
      ))}
      {days.map(({ day, found }, number) =>
        found?.share == null ? null : (
          <rect
            key={day}
            className={isShort(found) ? styles.short : styles.met}
            x={LEFT + number * wide + GAP / 2}
            width={Math.max(1, wide - GAP)}
            y={Math.min(y(found.share), TOP + HEIGHT - 2)}
            height={Math.max(2, TOP + HEIGHT - y(found.share))}
            rx={2}
            data-testid="reach-day"
          >
            <title>{`${day}: ${percent(found.met, found.met + found.missed)} of ${found.met + found.missed}`}</title>
          </rect>
        ),
      )}
      <line className={styles.target} x1={LEFT} x2={WIDTH} y1={y(target)} y2={y(target)} data-testid="reach-target" />
      {heightOf(1, floor) - heightOf(target, floor) > 0.12 && (
        <text className={styles.targetLabel} x={LEFT - 6} y={y(target) + 4} textAnchor="end">
          {toTenths(target)}
        </text>
      )}
      <text className={styles.label} x={LEFT} y={TOP + HEIGHT + 16}>
        {dayShown(inbox.since)}
      </text>
      <text className={styles.label} x={WIDTH} y={TOP + HEIGHT + 16} textAnchor="end">
        {dayShown(inbox.until)}
      </text>
    </svg>
  );
}

/** A calendar day of the inbox, wherever the reader is. */
const dayShown = (day: string) =>
  new Date(day).toLocaleDateString(undefined, { month: "short", day: "numeric", timeZone: "UTC" });

const isShort = (day: ReachDay) => day.target_percent !== null && 100 * (day.share ?? 1) < day.target_percent;

function said({ target_percent, periods }: ReachOfInbox): string {
  const days = periods.filter((one) => one.share !== null);
  const short = days.filter(isShort).map((one) => `${one.begins} ${percent(one.met, one.met + one.missed)}`);
  const words = short.length === 0 ? "none below the target" : `below the target: ${short.join(", ")}`;
  return `Share with a person in time on ${days.length} days, target ${toTenths(target_percent / 100)}; ${words}`;
}
