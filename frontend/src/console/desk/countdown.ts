// How much of an offer's time is left. Pure: the caller gives `now` on the server's clock.

export interface Countdown {
  /** Whole seconds, rounded up: 1 until the very end, then 0. */
  readonly seconds: number;
  /** From 1 (just made) to 0 (over). */
  readonly fraction: number;
  readonly tone: "calm" | "soon" | "over";
}

const SOON_S = 8;

export function countdown(offeredAt: number, expiresAt: number, now: number): Countdown {
  const left = Math.max(0, expiresAt - now);
  const whole = Math.max(1, expiresAt - offeredAt);
  const seconds = Math.ceil(left / 1000);
  return {
    seconds,
    fraction: Math.min(1, left / whole),
    tone: seconds === 0 ? "over" : seconds <= SOON_S ? "soon" : "calm",
  };
}
