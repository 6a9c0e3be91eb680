// A desk for the tests, in virtual time, behind a network that loses, doubles and delays as a seed says.
// It keeps the protocol's promises (ok means committed, a client_id is posted once) and nothing more.
import type { Message } from "../protocol";
import { CHAT, message } from "./cast";
import type { Wire, World } from "./world";

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Runs callbacks in the order of their virtual time. */
export class Clock {
  now = 0;
  private order = 0;
  private events: Event[] = [];

  after(ms: number, run: () => void): () => void {
    const event = { at: this.now + ms, order: this.order++, run };
    this.events.push(event);
    return () => {
      this.events = this.events.filter((e) => e !== event);
    };
  }

  async runUntil(time: number): Promise<void> {
    for (;;) {
      const next = this.events.filter((e) => e.at <= time).sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (next === undefined) break;
      this.events = this.events.filter((e) => e !== next);
      this.now = Math.max(this.now, next.at);
      next.run();
      await new Promise((resolve) => setImmediate(resolve)); // let what awaited this go on
    }
    this.now = time;
  }
}

export interface Weather {
  /** 0 to 1, one after the other. */
  readonly dice: () => number;
  readonly lossOfPushes: number;
  readonly doublingOfPushes: number;
  readonly delayMs: number;
  /** Chance that the connection breaks with a frame. */
  readonly breakage: number;
}

const PAGE = 5;

export class FakeDesk {
  readonly messages: Message[] = [];
  readonly frames: string[] = [];
  isUp = true;
  isDeaf = false;
  private joined = new Set<FakeWire>();
  private wires = new Set<FakeWire>();
  private throttled = 0;

  constructor(
    readonly clock: Clock,
    public weather: Weather,
  ) {}

  world(): World {
    return {
      connect: () => new FakeWire(this),
      now: () => this.clock.now,
      after: (ms, then) => this.clock.after(ms, then),
      random: this.weather.dice,
    };
  }

  /** Refuses the next commands as rate_limited. */
  throttle(frames: number): void {
    this.throttled = frames;
  }

  restart(): void {
    for (const wire of [...this.wires]) wire.breakOff();
  }

  post(clientId: string, text: string): Message {
    const held = this.messages.find((m) => m.client_id === clientId);
    if (held !== undefined) return held;
    const posted = message(this.messages.length + 1, text, clientId);
    this.messages.push(posted);
    for (const wire of this.joined) this.push(wire, posted);
    return posted;
  }

  push(wire: FakeWire, posted: Message): void {
    const { dice, lossOfPushes, doublingOfPushes, delayMs } = this.weather;
    const copies = dice() < lossOfPushes ? 0 : dice() < doublingOfPushes ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      // Each copy takes its own time: pushes overtake each other.
      this.clock.after(dice() * delayMs, () => wire.tell({ type: "message.posted", data: posted }));
    }
  }

  opened(wire: FakeWire): void {
    this.wires.add(wire);
  }

  gone(wire: FakeWire): void {
    this.wires.delete(wire);
    this.joined.delete(wire);
  }

  answer(wire: FakeWire, frame: { id: number; type: string; data: Record<string, unknown> }): void {
    if (this.isDeaf) return;
    this.frames.push(frame.type);
    if (this.weather.dice() < this.weather.breakage) return wire.breakOff(); // before anything was done
    const reply = this.reply(wire, frame);
    if (this.weather.dice() < this.weather.breakage) return wire.breakOff(); // done, but the ok is lost
    this.clock.after(this.weather.dice() * this.weather.delayMs, () => wire.tell({ id: frame.id, ...reply }));
  }

  private reply(wire: FakeWire, { type, data }: { type: string; data: Record<string, unknown> }): object {
    if (type !== "session.open" && this.throttled > 0) {
      this.throttled--;
      return { ok: false, error: { code: "rate_limited", message: "Too many frames.", retry_after_ms: 200 } };
    }
    switch (type) {
      case "session.open":
        return {
          ok: true,
          data: { token: "t", customer: "ana", conversation: null, heartbeat_s: 15, text_chars: 4000 },
        };
      case "conversation.join": {
        this.joined.add(wire);
        const page = this.messages.slice(Number(data.after_seq), Number(data.after_seq) + PAGE);
        const hasMore = Number(data.after_seq) + PAGE < this.messages.length;
        return { ok: true, data: { conversation: { id: CHAT }, messages: page, has_more: hasMore } };
      }
      case "message.post": {
        if (data.text === "refuse me") return { ok: false, error: { code: "bad_text", message: "No." } };
        const { seq, posted_at } = this.post(String(data.client_id), String(data.text));
        return { ok: true, data: { conversation_id: CHAT, client_id: data.client_id, seq, posted_at } };
      }
      default:
        return { ok: true, data: { last_seq: { [CHAT]: this.messages.length } } };
    }
  }
}

class FakeWire implements Wire {
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: ((event: { readonly code: number }) => void) | null = null;
  private isAlive = true;

  constructor(private readonly desk: FakeDesk) {
    desk.clock.after(5, () => {
      if (!desk.isUp) return this.breakOff();
      desk.opened(this);
      this.onopen?.();
    });
  }

  send(text: string): void {
    if (this.isAlive) this.desk.clock.after(1, () => this.isAlive && this.desk.answer(this, JSON.parse(text)));
  }

  tell(frame: object): void {
    if (this.isAlive && !this.desk.isDeaf) this.onmessage?.({ data: JSON.stringify(frame) });
  }

  breakOff(): void {
    if (!this.isAlive) return;
    this.close();
    this.onclose?.({ code: 1006 });
  }

  close(): void {
    this.isAlive = false;
    this.desk.gone(this);
  }
}
