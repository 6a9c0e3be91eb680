// One socket kept alive: connects, opens the session, listens for silence, and connects again with growing pauses.
// It knows nothing of conversations; what is asked while there is no session is refused as `disconnected`.
import { CLOSE_UNAUTHENTICATED, HEARTBEAT_S, type Pong, type PushFrame, type ReplyFrame } from "../protocol";
import { backoff } from "./backoff";
import type { CommandType, DataOf, Dialect, ReplyOf } from "./protocol";
import { asRefusal, Refusal, type RefusalCode } from "./refusal";
import { Requests } from "./requests";
import { Store } from "./store";
import { browser, pause, type Wire, type World } from "./world";

/** `refused`: the server will not have us (see `code`), and trying again would not help. */
export type Connection =
  | { readonly state: "connecting" | "online" | "offline" | "stopped" }
  | { readonly state: "refused"; readonly code: RefusalCode; readonly message: string };

export interface LinkOptions<D extends Dialect> {
  readonly url: string;
  /** What `session.open` sends; asked before each connection. */
  readonly hello: () => DataOf<D, "session.open">;
  readonly onSession: (session: D["session"]) => void;
  readonly onPush: (push: PushFrame) => void;
  readonly onPong: (pong: Pong) => void;
  /** May repair the cause (forget a dead token) and ask for another try. */
  readonly onRefused?: (why: Refusal) => "again" | "stop";
}

const REPLY_MS = 10_000;
const SILENCE_HEARTBEATS = 2.5;
const STEADY_MS = 5_000;
const THROTTLED_TRIES = 8;

export class Link<D extends Dialect> {
  readonly connection = new Store<Connection>({ state: "stopped" });
  private readonly requests: Requests;
  private wire: Wire | null = null;
  private attempt = 0;
  private heardAt = 0;
  private onlineSince: number | null = null;
  private notBefore = 0;
  private cancelTimer: () => void = () => undefined;

  constructor(
    private readonly options: LinkOptions<D>,
    private readonly world: World = browser,
  ) {
    this.requests = new Requests(world);
  }

  start(): void {
    const { state } = this.connection.get();
    if (state === "stopped" || state === "refused") this.connect();
  }

  stop(): void {
    this.hangUp();
    this.connection.set({ state: "stopped" });
  }

  /** The network may be back: try at once instead of waiting, or find out whether the line is still alive. */
  hurry(): void {
    this.attempt = 0; // an attempt under way may still fail for the old reason; the next follows soon
    const { state } = this.connection.get();
    if (state === "offline") this.connect();
    else if (state === "online") {
      this.ping();
      this.beat(HEARTBEAT_S);
    }
  }

  /** The network is gone: do not wait for the silence to tell. */
  lose(): void {
    const { state } = this.connection.get();
    if (state === "online" || state === "connecting") this.retry();
  }

  /** Rejects with a Refusal. Waits and sends again while the server says `rate_limited` or `busy`. */
  async request<K extends CommandType<D>>(type: K, data: DataOf<D, K>): Promise<ReplyOf<D, K>> {
    const wire = this.wire;
    for (let tries = 1; ; tries++) {
      if (wire === null || wire !== this.wire || this.onlineSince === null) {
        throw new Refusal("disconnected", "There is no connection.");
      }
      try {
        // The server's answer is checked against this type where it is made; the protocol is generated from there.
        return (await this.requests.send(wire, type, data, REPLY_MS)) as ReplyOf<D, K>;
      } catch (thrown) {
        const refusal = asRefusal(thrown);
        if (!refusal.isThrottled || tries === THROTTLED_TRIES) throw refusal;
        await pause(this.world, (refusal.retryAfterMs ?? 500) * (1 + this.world.random() / 4));
      }
    }
  }

  private connect(): void {
    this.hangUp();
    this.connection.set({ state: "connecting" });
    const wire = this.world.connect(this.options.url);
    this.wire = wire;
    this.heardAt = this.world.now();
    wire.onopen = () => void this.greet(wire);
    wire.onmessage = ({ data }) => this.hear(wire, data);
    wire.onclose = ({ code }) => this.closed(wire, code);
    this.cancelTimer = this.world.after(REPLY_MS, () => this.retry());
  }

  private async greet(wire: Wire): Promise<void> {
    try {
      const session = await this.requests.send(wire, "session.open", this.options.hello(), REPLY_MS);
      if (wire === this.wire) this.opened(session as D["session"]);
    } catch (thrown) {
      const refusal = asRefusal(thrown);
      if (wire === this.wire) this.turnedAway(refusal);
    }
  }

  private opened(session: D["session"]): void {
    this.onlineSince = this.world.now();
    this.connection.set({ state: "online" });
    this.beat(session.heartbeat_s);
    this.options.onSession(session);
  }

  private turnedAway(why: Refusal): void {
    if (!why.isPassing && why.code !== "internal" && this.options.onRefused?.(why) !== "again") {
      this.hangUp();
      this.connection.set({ state: "refused", code: why.code, message: why.message });
      return;
    }
    this.notBefore = this.world.now() + (why.retryAfterMs ?? 0);
    this.retry();
  }

  private hear(wire: Wire, text: unknown): void {
    if (wire !== this.wire) return;
    this.heardAt = this.world.now();
    const frame = JSON.parse(String(text)) as ReplyFrame | PushFrame;
    if ("ok" in frame) this.requests.settle(frame);
    else if (frame.type === "ping") this.ping();
    else this.listen(frame);
  }

  private listen(push: PushFrame): void {
    if (push.type === "going_away") {
      this.notBefore = this.world.now() + (push.data as { retry_after_ms: number }).retry_after_ms;
    }
    this.options.onPush(push);
  }

  /** One heartbeat: hang up on a dead line, else ask whether somebody is there, and what the last messages are. */
  private beat(seconds: number): void {
    this.cancelTimer();
    if (this.world.now() - this.heardAt > SILENCE_HEARTBEATS * seconds * 1000) return this.retry();
    this.cancelTimer = this.world.after(seconds * 1000, () => {
      this.ping();
      this.beat(seconds);
    });
  }

  private ping(): void {
    const wire = this.wire;
    if (wire === null || this.onlineSince === null) return;
    this.requests.send(wire, "ping", {}, REPLY_MS).then(
      (pong) => {
        if (wire === this.wire) this.options.onPong(pong as Pong);
      },
      () => undefined, // silence is judged by the heartbeat alone
    );
  }

  private closed(wire: Wire, code: number): void {
    if (wire !== this.wire) return;
    if (code === CLOSE_UNAUTHENTICATED) {
      this.turnedAway(new Refusal("unauthenticated", "The session has ended."));
    } else this.retry();
  }

  private retry(): void {
    const now = this.world.now();
    if (this.onlineSince !== null && now - this.onlineSince > STEADY_MS) this.attempt = 0;
    this.hangUp();
    this.connection.set({ state: "offline" });
    const wait = Math.max(0, this.notBefore - now) + backoff(this.attempt++, this.world.random());
    this.cancelTimer = this.world.after(wait, () => this.connect());
  }

  private hangUp(): void {
    this.cancelTimer();
    const wire = this.wire;
    this.wire = null;
    this.onlineSince = null;
    if (wire !== null) {
      wire.onopen = wire.onmessage = wire.onclose = null;
      wire.close();
    }
    this.requests.abandon();
  }
}
