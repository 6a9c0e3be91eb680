// How long to wait before trying again: exponential with full jitter, so that a restarted server is not stormed.

export const FIRST_MS = 500;
export const LONGEST_MS = 15_000;
/** Not even the luckiest throw tries again at once. */
const LEAST = 0.1;

/** `attempt` counts from 0; `random` is 0 to 1. */
export function backoff(attempt: number, random: number): number {
  return Math.round(Math.max(LEAST, random) * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10)));
}
