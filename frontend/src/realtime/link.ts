// One connection kept alive: connects, opens the session, listens for silence, and connects again with growing pauses.
// Where sockets are blocked it goes on over REST and tries a socket now and then. It knows nothing of conversations;
// what is asked while there is no session is refused as `disconnected`.
import { CLOSE_UNAUTHENTICATED, HEARTBEAT_S, type Pong, type PushFrame, type ReplyFrame } from "../protocol";
import { backoff } from "./backoff";
import type { Connection, LinkOptions } from "./connection";
import type { CommandType, DataOf, Dialect, ReplyOf } from "./protocol";
import { asRefusal, Refusal } from "./refusal";
import { Requests } from "./requests";
import { PollingWire } from "./rest/wire";
import { type Route, Routes } from "./routes";
import { Store } from "./store";
import { browser, pause, type Wire, type World } from "./world";

const REPLY_MS = 10_000;
/** When the network may have changed, an answer is expected sooner. */
const HURRIED_PONG_MS = 5_000;
const SILENCE_HEARTBEATS = 2.5;
const STEADY_MS = 5_000;
const THROTTLED_TRIES = 8;
const LONGEST_WISH_MS = 60_000;

export class Link<D extends Dialect> {
  readonly connection = new Store<Connection>({ state: "stopped" });
  private readonly requests: Requests;
  private readonly routes: Routes;
  private route: Route = "socket";
  private wire: Wire | null = null;
  /** A socket that is tried while polling goes on. */
  private trial: Wire | null = null;
  private attempt = 0;
  private heardAt = 0;
  private heartbeatMs = HEARTBEAT_S * 1000;
  private onlineSince: number | null = null;
  private notBefore = 0;
  private cancelTimer: () => void = () => undefined;
  private cancelTrial: () => void = () => undefined;

  constructor(
    private readonly options: LinkOptions<D>,
    private readonly world: World = browser,
  ) {
    this.requests = new Requests(world);
    this.routes = new Routes(options.rest !== undefined);
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
    this.routes.hope();
    this.attempt = 0; // an attempt under way may still fail for the old reason; the next follows soon
    const { state } = this.connection.get();
    if (state === "offline" && this.wished() === 0) this.connect();
    else if (state === "online") {
      this.ping(HURRIED_PONG_MS);
      this.beat();
      if (this.route === "polling") this.trySocket();
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
    this.route = this.routes.next();
    this.heardAt = this.world.now();
    this.wire = this.open(this.route);
    this.cancelTimer = this.world.after(REPLY_MS, () => {
      this.routes.fail(this.route, "silent");
      this.retry();
    });
  }

  private open(route: Route): Wire {
    const { rest, url } = this.options;
    const wire =
      route === "polling" && rest !== undefined ? new PollingWire(this.world, rest) : this.world.connect(url);
    wire.onopen = () => void this.greet(wire);
    wire.onmessage = ({ data }) => this.hear(wire, data);
    wire.onclose = ({ code }) => this.closed(wire, code);
    return wire;
  }

  private async greet(wire: Wire): Promise<void> {
    try {
      const session = (await this.requests.send(wire, "session.open", this.options.hello(), REPLY_MS)) as D["session"];
      if (wire === this.trial) this.moveToTrial();
      if (wire === this.wire) this.opened(session);
    } catch (thrown) {
      const refusal = asRefusal(thrown);
      if (wire === this.trial) this.endTrial();
      else if (wire === this.wire) this.turnedAway(refusal);
    }
  }

  private opened(session: D["session"]): void {
    this.onlineSince = this.heardAt = this.world.now();
    const isLimited = this.route === "polling";
    this.connection.set({ state: "online", isLimited });
    this.heartbeatMs = session.heartbeat_s * 1000;
    this.beat();
    if (isLimited) this.tryLater();
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
    const frame = JSON.parse(String(text)) as ReplyFrame | PushFrame;
    if ("ok" in frame) this.requests.settle(frame); // also what polling was still asked when a socket took over
    if (wire !== this.wire) return;
    this.heardAt = this.world.now();
    if ("ok" in frame) return;
    if (frame.type === "ping") this.ping();
    else this.listen(frame);
  }

  private listen(push: PushFrame): void {
    if (push.type === "going_away") {
      this.notBefore = this.world.now() + (push.data as { retry_after_ms: number }).retry_after_ms;
    }
    this.options.onPush(push);
  }

  /** One heartbeat: hang up on a dead line, else ask whether somebody is there, and what the last messages are. */
  private beat(): void {
    this.cancelTimer();
    if (this.world.now() - this.heardAt > SILENCE_HEARTBEATS * this.heartbeatMs) return this.retry();
    if (this.isSteady() && this.route === "socket") this.routes.hold();
    this.cancelTimer = this.world.after(this.heartbeatMs, () => {
      this.ping();
      this.beat();
    });
  }

  /** A line on which nothing at all was heard since is dead. */
  private ping(withinMs = REPLY_MS): void {
    const wire = this.wire;
    if (wire === null || this.onlineSince === null) return;
    const askedAt = this.world.now();
    this.requests.send(wire, "ping", {}, withinMs).then(
      (pong) => {
        if (wire === this.wire) this.options.onPong(pong as Pong);
      },
      (why: unknown) => {
        if (asRefusal(why).code === "timeout" && wire === this.wire && this.heardAt <= askedAt) this.retry();
      },
    );
  }

  private closed(wire: Wire, code: number): void {
    if (wire === this.trial) return this.endTrial();
    if (wire !== this.wire) return;
    if (code === CLOSE_UNAUTHENTICATED) {
      this.turnedAway(new Refusal("unauthenticated", "The session has ended."));
    } else {
      if (!this.isSteady()) this.routes.fail(this.route, "closed");
      this.retry();
    }
  }

  private retry(): void {
    if (this.isSteady()) this.attempt = 0;
    this.hangUp();
    this.connection.set({ state: "offline" });
    const wait = this.wished() + backoff(this.attempt++, this.world.random());
    this.cancelTimer = this.world.after(wait, () => this.connect());
  }

  /** How long the server still wants to be left alone. */
  private wished(): number {
    return Math.min(LONGEST_WISH_MS, Math.max(0, this.notBefore - this.world.now()));
  }

  private isSteady(): boolean {
    return this.onlineSince !== null && this.world.now() - this.onlineSince > STEADY_MS;
  }

  // --- A socket tried while polling ---

  private tryLater(): void {
    this.cancelTrial = this.world.after(this.routes.untilTrial(this.world.random()), () => this.trySocket());
  }

  private trySocket(): void {
    if (this.trial !== null) return;
    this.cancelTrial();
    this.trial = this.open("socket");
    this.cancelTrial = this.world.after(REPLY_MS, () => this.endTrial());
  }

  /** A session is open there: from now on it is the line. Polling still answers what it was asked. */
  private moveToTrial(): void {
    this.cancelTrial();
    if (this.isSteady()) this.attempt = 0;
    if (this.wire !== null) this.wire.onclose = null;
    this.wire?.close();
    this.wire = this.trial;
    this.trial = null;
    this.route = "socket";
  }

  private endTrial(): void {
    this.dropTrial();
    this.tryLater();
  }

  private dropTrial(): void {
    this.cancelTrial();
    const trial = this.trial;
    this.trial = null;
    if (trial !== null) mute(trial).close();
  }

  private hangUp(): void {
    this.cancelTimer();
    this.dropTrial();
    const wire = this.wire;
    this.wire = null;
    this.onlineSince = null;
    if (wire !== null) mute(wire).close();
    this.requests.abandon();
  }
}

function mute(wire: Wire): Wire {
  wire.onopen = wire.onmessage = wire.onclose = null;
  return wire;
}
