// How the connection stands, said only when it does not stand well.
import { Loader } from "@mantine/core";
import { useEffect, useState } from "react";
import { useConnection } from "../desk/context";
import styles from "./shell.module.css";

/** A reconnect that takes less than this is not worth a word. */
const QUIET_MS = 700;

/** A socket may come back as quickly as it went. */
const LIMITED_QUIET_MS = 4_000;

export function Banner() {
  const connection = useConnection();
  const { state } = connection;
  const isLate = useLateness(state !== "online", QUIET_MS);
  const isLimited = useLateness(state === "online" && connection.isLimited, LIMITED_QUIET_MS);
  return (
    <div role="status">
      {isLimited && (
        <div className={styles.limited} data-testid="limited">
          Limited connection: news may take a few seconds.
        </div>
      )}
      {isLate && (
        <div className={styles.banner} data-testid="banner" data-state={state}>
          <Loader size={14} color="currentcolor" />
          {navigator.onLine ? "Connecting to the desk…" : "You are offline."} What you write is kept and sent when the
          connection is back.
        </div>
      )}
    </div>
  );
}

/** True once `is` has held for a while. */
function useLateness(is: boolean, quietMs: number): boolean {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    if (!is) return setLate(false);
    const timer = setTimeout(() => setLate(true), quietMs);
    return () => clearTimeout(timer);
  }, [is, quietMs]);
  return is && isLate;
}
