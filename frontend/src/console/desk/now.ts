// One ticking clock for all components that show time: a single timer, on the server's time.
import { useSyncExternalStore } from "react";
import { serverNow } from "./session";

interface Ticker {
  subscribe: (listener: () => void) => () => void;
  snapshot: () => number;
}

function ticker(everyMs: number): Ticker {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let now = serverNow();
  const tick = () => {
    now = serverNow();
    for (const listener of listeners) listener();
  };
  return {
    subscribe(listener) {
      if (listeners.size === 0) {
        timer = setInterval(tick, everyMs);
        now = serverNow();
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearInterval(timer);
      };
    },
    snapshot: () => now,
  };
}

const second = ticker(1_000);
const quarter = ticker(250);
const minute = ticker(30_000);

export const useNow = (pace: "second" | "quarter" | "minute"): number => {
  const clock = { second, quarter, minute }[pace];
  return useSyncExternalStore(clock.subscribe, clock.snapshot);
};
