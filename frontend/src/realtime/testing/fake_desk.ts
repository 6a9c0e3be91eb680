// A desk for the tests, in virtual time, behind a network that loses, doubles, delays and blocks as a seed says.
// It keeps the protocol's promises (ok means committed, a client_id is posted once) and nothing more.
import type { Message } from "../../protocol";
import type { Answered, Asked, Wire, World } from "../world";
import { CHAT, message } from "./cast";
import type { Clock } from "./clock";
import { FakeBrowser } from "./fake_browser";
import { FakeWire } from "./fake_wire";

export interface Weather {
  /** 0 to 1, one after the other. */
  readonly dice: () => number;
  readonly lossOfPushes: number;
  readonly doublingOfPushes: number;
  /** The longest that a frame or a request takes. Pushes overtake each other. */
  readonly delayMs: number;
  /** Chance that the connection breaks with a frame, or a request is lost. */
  readonly breakage: number;
}

type Reply =
  | { ok: true; data: object }
  | { ok: false; error: { code: string; message: string; retry_after_ms?: number } };

const PAGE = 5;
const GIVEN_UP_MS = 10_000;

export class FakeDesk {
  readonly messages: Message[] = [];
  /** The types of the commands that came by socket, and the paths asked for by REST. */
  readonly frames: string[] = [];
  readonly asked: string[] = [];
  /** Sockets begun. */
  attempts = 0;
  isUp = true;
  sockets: "open" | "refused" | "mute" | "cut" = "open";
  isRestBlocked = false;
  isSessionOver = false;
  /** A planted fault: it stores what it has stored already. */
  isForgetful = false;
  private readonly joined = new Set<FakeWire>();
  private readonly wires = new Set<FakeWire>();
  private throttled = 0;

  constructor(
    readonly clock: Clock,
    public weather: Weather,
  ) {}

  world(browser: FakeBrowser = new FakeBrowser()): World {
    return {
      connect: (): Wire => new FakeWire(this),
      ask: (asked) => this.ask(asked),
      now: () => this.clock.now,
      after: this.clock.after,
      random: this.weather.dice,
      alone: browser.alone,
      isHidden: () => browser.isHidden,
    };
  }

  // --- What happens to it ---

  /** Refuses the next commands as rate_limited. */
  throttle(frames: number): void {
    this.throttled = frames;
  }

  restart(downMs: number): void {
    this.isUp = false;
    for (const wire of [...this.wires]) wire.breakOff();
    this.clock.after(downMs, () => {
      this.isUp = true;
    });
  }

  /** Every socket falls silent, and nobody is told. */
  stall(): void {
    for (const wire of this.wires) wire.isStalled = true;
  }

  block(how: FakeDesk["sockets"]): void {
    this.sockets = how;
    if (how === "refused" || how === "cut") for (const wire of [...this.wires]) wire.breakOff();
    if (how === "mute") this.stall();
  }

  goAway(retryAfterMs: number): void {
    for (const wire of this.wires) {
      wire.tell({ type: "going_away", data: { retry_after_ms: retryAfterMs } });
      this.clock.after(this.weather.delayMs + 50, () => wire.breakOff(4012));
    }
  }

  tellAll(type: string): void {
    for (const wire of this.wires) wire.tell({ type, data: {} });
  }

  post(clientId: string, text: string): Message {
    const held = this.messages.find((m) => m.client_id === clientId);
    if (held !== undefined && !this.isForgetful) return held;
    const posted = message(this.messages.length + 1, text, clientId);
    this.messages.push(posted);
    for (const wire of this.joined) this.push(wire, posted);
    return posted;
  }

  // --- Sockets ---

  opened(wire: FakeWire): void {
    this.wires.add(wire);
  }

  gone(wire: FakeWire): void {
    this.wires.delete(wire);
    this.joined.delete(wire);
  }

  answer(wire: FakeWire, frame: { id: number; type: string; data: Record<string, unknown> }): void {
    this.frames.push(frame.type);
    if (this.breaks()) return wire.breakOff(); // before anything was done
    if (frame.type === "conversation.join") this.joined.add(wire);
    const reply = this.reply(frame.type, frame.data);
    if (this.breaks()) return wire.breakOff(); // done, but the ok is lost
    wire.tell({ id: frame.id, ...reply });
  }

  private push(wire: FakeWire, posted: Message): void {
    const { dice, lossOfPushes, doublingOfPushes, delayMs } = this.weather;
    const copies = dice() < lossOfPushes ? 0 : dice() < doublingOfPushes ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      this.clock.after(dice() * delayMs, () => wire.tell({ type: "message.posted", data: posted }));
    }
  }

  // --- REST ---

  private ask({ method, path, body }: Asked): Promise<Answered> {
    this.asked.push(path);
    const delay = (): number => 1 + this.weather.dice() * this.weather.delayMs;
    return new Promise((resolve, reject) => {
      const lose = (): void => void this.clock.after(this.weather.dice() < 0.5 ? 0 : GIVEN_UP_MS, () => reject());
      this.clock.after(delay(), () => {
        if (!this.isUp || this.isRestBlocked) return reject();
        if (this.breaks()) return lose();
        const answered = this.answered(method, path, body);
        if (this.breaks()) return lose();
        this.clock.after(delay(), () => resolve(answered));
      });
    });
  }

  private answered(method: string, path: string, body: unknown): Answered {
    if (this.isSessionOver) return { status: 401, body: { error: { code: "bad_token", message: "It has ended." } } };
    const reply = this.reply(...commandOf(method, path, body));
    return reply.ok ? { status: 200, body: reply.data } : { status: 400, body: { error: reply.error } };
  }

  // --- Both ---

  private breaks(): boolean {
    return this.weather.dice() < this.weather.breakage;
  }

  private reply(type: string, data: Record<string, unknown>): Reply {
    if (type !== "session.open" && this.throttled > 0) {
      this.throttled--;
      return { ok: false, error: { code: "rate_limited", message: "Too many frames.", retry_after_ms: 200 } };
    }
    const conversation = { id: CHAT, version: 1, last_seq: this.messages.length };
    switch (type) {
      case "session.open":
        return {
          ok: true,
          data: { token: "t", customer: "ana", conversation: null, heartbeat_s: 15, text_chars: 4000 },
        };
      case "conversation.join": {
        const after = Number(data.after_seq);
        const page = this.messages.slice(after, after + PAGE);
        return { ok: true, data: { conversation, messages: page, has_more: after + PAGE < this.messages.length } };
      }
      case "message.post": {
        if (data.text === "refuse me") return { ok: false, error: { code: "bad_text", message: "No." } };
        const { seq, posted_at } = this.post(String(data.client_id), String(data.text));
        return { ok: true, data: { conversation_id: CHAT, client_id: data.client_id, seq, posted_at } };
      }
      case "conversation.rate":
      case "news":
        return { ok: true, data: { conversation } };
      default:
        return { ok: true, data: { last_seq: { [CHAT]: this.messages.length } } };
    }
  }
}

function commandOf(method: string, path: string, body: unknown): [type: string, data: Record<string, unknown>] {
  const [address = "", query = ""] = path.split("?");
  const commands: Record<string, string> = {
    "POST customer/session/": "session.open",
    "POST customer/conversation/messages/": "message.post",
    "POST customer/conversation/rate/": "conversation.rate",
    "POST customer/news/": "news",
    [`GET customer/conversations/${CHAT}/timeline/`]: "conversation.join",
  };
  const type = commands[`${method} ${address}`];
  if (type === undefined) throw new Error(`The tests' desk does not know ${method} ${path}.`);
  return [type, { ...(body as object), ...Object.fromEntries(new URLSearchParams(query)) }];
}
