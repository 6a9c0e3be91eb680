// The ring that empties while an offer's time runs.
import type { Countdown } from "../desk/countdown";
import styles from "./offer.module.css";

const RADIUS = 22;
const LENGTH = 2 * Math.PI * RADIUS;

export function CountdownRing({ seconds, fraction, tone }: Countdown) {
  return (
    <div
      className={styles.ring}
      data-tone={tone}
      role="timer"
      aria-label={`${seconds} seconds left`}
      data-testid="offer-countdown"
    >
      <svg viewBox="0 0 52 52" aria-hidden="true">
        <circle cx="26" cy="26" r={RADIUS} className={styles.track} />
        <circle
          cx="26"
          cy="26"
          r={RADIUS}
          className={styles.left}
          strokeDasharray={LENGTH}
          strokeDashoffset={LENGTH * (1 - fraction)}
        />
      </svg>
      <span aria-hidden="true">{seconds}</span>
    </div>
  );
}
