// Which way to the desk to try next: a socket, or REST once sockets prove to be blocked. Pure but for its counts.

export type Route = "socket" | "polling";

/** Failed attempts that give sockets up for the moment. */
const STRIKES_OUT = 3;
const TRIAL_FIRST_MS = 5_000;
const TRIAL_LONGEST_MS = 300_000;

export class Routes {
  private strikes = 0;
  private failed: Route = "polling";
  private trials = 0;

  constructor(private readonly canPoll: boolean) {}

  /** Blocked or down looks the same from here: so both ways take turns until one leads somewhere. */
  next(): Route {
    return this.canPoll && this.strikes >= STRIKES_OUT && this.failed === "socket" ? "polling" : "socket";
  }

  /** `silent`: it neither led there nor said no; waiting that long again would be too much. */
  fail(route: Route, how: "closed" | "silent"): void {
    this.failed = route;
    if (route === "socket") this.strikes += how === "silent" ? STRIKES_OUT : 1;
  }

  /** A socket has held for a while. */
  hold(): void {
    this.strikes = this.trials = 0;
  }

  /** The network may have changed. */
  hope(): void {
    this.trials = 0;
  }

  /** While polling: how long until a socket is tried again. `random` is 0 to 1. */
  untilTrial(random: number): number {
    return Math.min(TRIAL_LONGEST_MS, TRIAL_FIRST_MS * 2 ** Math.min(this.trials++, 10)) * (0.75 + random / 2);
  }
}
