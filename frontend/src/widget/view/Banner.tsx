/** @jsxImportSource preact */
// How the connection is, said only when it is not fine (and not for the blink of a reconnect). A limited one serves:
// that is said quietly.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Connection } from "../../realtime";
import type { Words } from "../words";
import { useSetting } from "./context";
import { AlertIcon } from "./Icons";
import { useStore } from "./useStore";

const GRACE_MS = 800;
/** A socket may come back as quickly as it went. */
const LIMITED_GRACE_MS = 4_000;

export function Banner(): JSX.Element | null {
  const { chat, words } = useSetting();
  const connection = useStore(chat.client.connection);
  const { site, hasProblem } = useStore(chat.state);
  const isLate = useLateness(connection.state !== "online", GRACE_MS);
  const isLimited = useLateness(connection.state === "online" && connection.isLimited, LIMITED_GRACE_MS);
  const text = isLate ? connectionText(connection, site !== null, words) : hasProblem ? words.problem : null;
  if (text === null && !isLimited) return null;
  if (text === null) {
    return (
      <p class="limited" role="status" data-testid="limited">
        {words.limited}
      </p>
    );
  }
  return (
    <div class="banner" role="status" data-testid="banner" data-state={connection.state}>
      <AlertIcon />
      <span>{text}</span>
      {connection.state === "refused" && (
        <button type="button" class="link" onClick={() => chat.client.start()}>
          {words.tryAgain}
        </button>
      )}
    </div>
  );
}

function connectionText(connection: Connection, wasOnline: boolean, words: Words): string | null {
  if (connection.state === "online") return null;
  if (connection.state === "refused") {
    return ["unknown_site", "origin_not_allowed"].includes(connection.code) ? words.wrongSite : words.refused;
  }
  if (wasOnline || !navigator.onLine) return words.offline;
  return connection.state === "offline" ? words.unreachable : words.connecting;
}

/** True once `is` has held for a moment. */
function useLateness(is: boolean, graceMs: number): boolean {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    if (!is) return setLate(false);
    const timer = setTimeout(() => setLate(true), graceMs);
    return () => clearTimeout(timer);
  }, [is, graceMs]);
  return is && isLate;
}
