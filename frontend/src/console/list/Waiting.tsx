// A ticking wait, or how long ago something happened.
import { secondsBetween, shortDuration } from "../../ui/duration";
import { useNow } from "../desk/now";
import styles from "./list.module.css";

const LONG_WAIT_S = 120;

export function Waiting({ since }: { since: string }) {
  const seconds = secondsBetween(since, useNow("second"));
  return (
    <span
      className={styles.waiting}
      data-long={seconds > LONG_WAIT_S}
      title={`Waiting since ${new Date(since).toLocaleTimeString()}`}
    >
      <span className="visually-hidden">waiting </span>
      {shortDuration(seconds)}
    </span>
  );
}

export function Ago({ since }: { since: string }) {
  const seconds = secondsBetween(since, useNow("minute"));
  return (
    <time className={styles.ago} dateTime={since} title={new Date(since).toLocaleString()}>
      {seconds < 60 ? "now" : shortDuration(seconds)}
    </time>
  );
}

/** Time left until a dated promise; says so when it has passed. */
export function Due({ at }: { at: string }) {
  const left = -secondsBetween(at, useNow("minute"));
  return (
    <span className={styles.waiting} data-long={left < 0} title={new Date(at).toLocaleString()}>
      {left < 0 ? `${shortDuration(-left)} late` : `due in ${shortDuration(left)}`}
    </span>
  );
}
