// One conversation followed: applies pushes, and joins again from the last message held whenever some are missing.
import type { Message } from "../protocol";
import { backoff } from "./backoff";
import { asRefusal, type Refusal } from "./refusal";
import { Store } from "./store";
import { apply, applyPage, EMPTY, isGap, lastSeq, type Timeline } from "./timeline";
import { pause, type World } from "./world";

export interface Followed {
  readonly timeline: Timeline;
  /** `ready` once the timeline was whole for the first time; `missing`: unknown here, or not ours. */
  readonly status: "loading" | "ready" | "missing";
}

export interface Page {
  readonly messages: readonly Message[];
  readonly has_more: boolean;
}

export class Feed {
  readonly state = new Store<Followed>({ timeline: EMPTY, status: "loading" });
  private isRunning = false;
  private isBehind = false;

  constructor(
    readonly conversationId: string,
    private readonly join: (afterSeq: number) => Promise<Page>,
    private readonly world: World,
  ) {}

  receive(message: Message): void {
    const result = apply(this.state.get().timeline, message);
    if (isGap(result)) this.catchUp();
    else this.hold(result);
  }

  /** The server says how far the conversation has come. */
  reaches(seq: number): void {
    if (seq > lastSeq(this.state.get().timeline)) this.catchUp();
  }

  /** Joins from the last message held; while that runs, further calls only make it look once more. */
  catchUp(): void {
    this.isBehind = true;
    if (!this.isRunning) void this.run();
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    for (let failures = 0; this.isBehind; ) {
      this.isBehind = false;
      try {
        await this.readPages();
        failures = 0;
      } catch (thrown) {
        const why = asRefusal(thrown);
        // The next session calls again; it may have done so already.
        if (why.code === "disconnected") continue;
        if (this.isFinal(why)) break;
        this.isBehind = true;
        await pause(this.world, 200 + backoff(failures++, this.world.random()));
      }
    }
    this.isRunning = false;
  }

  private async readPages(): Promise<void> {
    for (let hasMore = true; hasMore; ) {
      const from = lastSeq(this.state.get().timeline);
      const page = await this.join(from);
      this.hold(applyPage(this.state.get().timeline, page.messages));
      hasMore = page.has_more && lastSeq(this.state.get().timeline) > from;
    }
    this.state.update((held) => ({ ...held, status: "ready" }));
  }

  /** What is unknown or not ours will not become so. */
  private isFinal(why: Refusal): boolean {
    if (why.code === "seq_from_future") this.state.update((held) => ({ ...held, timeline: EMPTY }));
    else if (!why.isPassing && why.code !== "internal") {
      this.state.update((held) => ({ ...held, status: "missing" }));
      return true;
    }
    return false;
  }

  private hold(timeline: Timeline): void {
    this.state.update((held) => (held.timeline === timeline ? held : { ...held, timeline }));
  }
}
