// A wire without a socket: commands become REST requests, and news are asked for again and again.
// It asks by pushing a ping, which the link answers with a ping: often while something happens, ever less while not.
import { CLOSE_UNAUTHENTICATED } from "../../protocol";
import { asRefusal } from "../refusal";
import type { Wire, World } from "../world";
import { calling, type Rest, type Speaker } from "./speaker";

export const FASTEST_MS = 1_500;
const SLOWEST_MS = 10_000;
const SLOWING = 1.2;
const SESSION_ENDED = new Set(["unauthenticated", "bad_token", "token_expired"]);

interface Frame {
  readonly id: number;
  readonly type: string;
  readonly data: unknown;
}

export class PollingWire implements Wire {
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: ((event: { readonly code: number }) => void) | null = null;
  private readonly speaker: Speaker;
  private isClosed = false;
  private interval = FASTEST_MS;
  private lastNews = "";
  private cancelTimer: () => void;

  constructor(
    private readonly world: World,
    rest: Rest,
  ) {
    this.speaker = rest(calling(world), world);
    this.cancelTimer = world.after(0, () => this.onopen?.());
  }

  send(text: string): void {
    void this.answer(JSON.parse(text) as Frame);
  }

  /** Asks no more; what was asked before is still answered. */
  close(): void {
    this.isClosed = true;
    this.cancelTimer();
  }

  private async answer({ id, type, data }: Frame): Promise<void> {
    let waitMs = 0;
    try {
      const reply = type === "ping" ? await this.news() : await this.speaker.say(type, data);
      this.tell({ id, ok: true, data: reply });
      if (type !== "ping") this.interval = FASTEST_MS;
    } catch (thrown) {
      const { code, message, retryAfterMs } = asRefusal(thrown);
      if (code === "disconnected") return this.breakOff(1006);
      if (SESSION_ENDED.has(code) && type !== "session.open") return this.breakOff(CLOSE_UNAUTHENTICATED);
      this.tell({ id, ok: false, error: { code, message, retry_after_ms: retryAfterMs } });
      waitMs = retryAfterMs ?? 0;
    }
    this.askLater(waitMs);
  }

  private async news(): Promise<object> {
    const { pushes, last_seq } = await this.speaker.news();
    const news = JSON.stringify([pushes, last_seq]);
    this.interval = news === this.lastNews ? Math.min(SLOWEST_MS, this.interval * SLOWING) : FASTEST_MS;
    if (news !== this.lastNews) for (const push of pushes) this.tell(push);
    this.lastNews = news;
    this.tell({ type: "polled", data: {} });
    return { last_seq };
  }

  /** Unseen, the link's own heartbeat is often enough. */
  private askLater(waitMs: number): void {
    this.cancelTimer();
    if (this.isClosed || this.world.isHidden()) return;
    this.cancelTimer = this.world.after(Math.max(waitMs, this.interval), () => this.tell({ type: "ping", data: {} }));
  }

  private tell(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  private breakOff(code: number): void {
    if (this.isClosed) return;
    this.close();
    this.onclose?.({ code });
  }
}
