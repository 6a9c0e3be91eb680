// How the connection stands, said only when it does not stand well.
import { Loader } from "@mantine/core";
import { useEffect, useState } from "react";
import { useConnection } from "../desk/context";
import styles from "./shell.module.css";

/** A reconnect that takes less than this is not worth a word. */
const QUIET_MS = 700;

export function Banner() {
  const { state } = useConnection();
  const isOnline = state === "online";
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    if (isOnline) return setLate(false);
    const timer = setTimeout(() => setLate(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, [isOnline]);
  return (
    <div role="status">
      {!isOnline && isLate && (
        <div className={styles.banner} data-testid="banner" data-state={state}>
          <Loader size={14} color="currentcolor" />
          {navigator.onLine ? "Connecting to the desk…" : "You are offline."} What you write is kept and sent when the
          connection is back.
        </div>
      )}
    </div>
  );
}
