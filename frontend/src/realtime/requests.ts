// Commands that wait for their reply, matched by id.
import type { ReplyFrame } from "../protocol";
import { Refusal } from "./refusal";
import type { World } from "./world";

interface Waiting {
  readonly resolve: (data: unknown) => void;
  readonly reject: (why: Refusal) => void;
  readonly cancelTimeout: () => void;
}

export class Requests {
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;

  constructor(private readonly world: World) {}

  send(wire: { send(text: string): void }, type: string, data: unknown, timeoutMs: number): Promise<unknown> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const cancelTimeout = this.world.after(timeoutMs, () =>
        this.take(id)?.reject(new Refusal("timeout", `No answer to ${type}.`)),
      );
      this.waiting.set(id, { resolve, reject, cancelTimeout });
      wire.send(JSON.stringify({ id, type, data }));
    });
  }

  settle(frame: ReplyFrame): void {
    const waiting = typeof frame.id === "number" ? this.take(frame.id) : null;
    if (frame.ok) waiting?.resolve(frame.data);
    else waiting?.reject(Refusal.of(frame.error));
  }

  abandon(): void {
    for (const id of [...this.waiting.keys()]) {
      this.take(id)?.reject(new Refusal("disconnected", "The connection was lost."));
    }
  }

  private take(id: number): Waiting | null {
    const waiting = this.waiting.get(id) ?? null;
    this.waiting.delete(id);
    waiting?.cancelTimeout();
    return waiting;
  }
}
