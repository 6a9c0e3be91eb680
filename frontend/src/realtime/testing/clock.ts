// Virtual time: runs callbacks in the order of their time, and waits for nothing.

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

export class Clock {
  now = 0;
  private order = 0;
  private events: Event[] = [];

  readonly after = (ms: number, run: () => void): (() => void) => {
    const event = { at: this.now + ms, order: this.order++, run };
    this.events.push(event);
    return () => {
      this.events = this.events.filter((e) => e !== event);
    };
  };

  async runUntil(time: number): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve)); // let what was waiting go on
      const next = this.events.filter((e) => e.at <= time).sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (next === undefined) break;
      this.events = this.events.filter((e) => e !== next);
      this.now = Math.max(this.now, next.at);
      next.run();
    }
    this.now = time;
  }

  run(ms: number): Promise<void> {
    return this.runUntil(this.now + ms);
  }
}

/** Throws from a seed, 0 to 1, one after the other. */
export function diceOf(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
