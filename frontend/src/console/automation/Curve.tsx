// The share kept against the share wrong, bar by bar, with the limit as a line and what was chosen as a dot.
import { useCallback } from "react";
import { percent } from "../../ui/percent";
import { curve, type Limit } from "../desk/automation";
import { isProblem } from "../desk/session";
import { useAsked } from "../shell/useAsked";
import styles from "./automation.module.css";
import { axisOf, pathOf, placeOf, SIZE } from "./plot";

export function Curve({ inbox, limit, name }: { inbox: number; limit: Limit; name: string }) {
  const { shown } = useAsked(useCallback(() => curve(inbox, limit.intent), [inbox, limit.intent]));
  if (shown === null || isProblem(shown) || shown.points.length === 0) return null;
  const axis = axisOf(shown.points, limit.most_wrong);
  const allowed = placeOf({ kept: 0, wrong: limit.most_wrong }, axis);
  const chosen =
    limit.bar === null ? null : placeOf({ kept: limit.kept, wrong: limit.wrong / Math.max(1, limit.answered) }, axis);
  return (
    <figure className={styles.figure}>
      <svg viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} role="img" aria-label={told(limit, name)}>
        <line className={styles.axis} x1={SIZE.left} y1={SIZE.bottom} x2={SIZE.right} y2={SIZE.bottom} />
        <line className={styles.allowed} x1={SIZE.left} y1={allowed.y} x2={SIZE.right} y2={allowed.y} />
        <path className={styles.curve} d={pathOf(shown.points, axis)} />
        {chosen !== null && <line className={styles.drop} x1={chosen.x} y1={chosen.y} x2={chosen.x} y2={SIZE.bottom} />}
        {chosen !== null && <circle className={styles.chosen} cx={chosen.x} cy={chosen.y} r={5} />}
        <text x={SIZE.left + 4} y={allowed.y - 5} className={styles.allowedWord}>
          at most {percent(limit.most_wrong)} wrong
        </text>
        <text x={SIZE.left - 6} y={SIZE.bottom} textAnchor="end">
          0
        </text>
        <text x={SIZE.left - 6} y={SIZE.top + 8} textAnchor="end">
          {percent(axis)}
        </text>
        <text x={SIZE.left} y={SIZE.height - 4}>
          {percent(0)}
        </text>
        <text x={(SIZE.left + SIZE.right) / 2} y={SIZE.height - 4} textAnchor="middle">
          share kept by the bot
        </text>
        <text x={SIZE.right} y={SIZE.height - 4} textAnchor="end">
          {percent(1)}
        </text>
      </svg>
      <figcaption>The share wrong, were so much kept: {limit.examples} held-out examples</figcaption>
    </figure>
  );
}

function told(limit: Limit, name: string): string {
  const chosen = limit.bar === null ? "no bar holds it" : `the bot keeps ${percent(limit.kept)}`;
  return `${name}: with at most ${percent(limit.most_wrong)} wrong, ${chosen}.`;
}
