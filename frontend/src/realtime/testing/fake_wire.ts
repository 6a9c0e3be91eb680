// A socket to the fake desk: frames keep their order on it, but it may break off, fall silent, or never speak.
import type { Wire } from "../world";
import type { FakeDesk } from "./fake_desk";

const CUT_AFTER_MS = 1_000;

export class FakeWire implements Wire {
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: ((event: { readonly code: number }) => void) | null = null;
  /** Half open: both ends believe in it, nothing crosses. */
  isStalled = false;
  private isAlive = true;
  private readAt = 0;
  private toldAt = 0;

  constructor(private readonly desk: FakeDesk) {
    desk.attempts++;
    desk.clock.after(5, () => {
      if (!desk.isUp || desk.sockets === "refused") return this.breakOff();
      if (!this.isAlive) return;
      this.isStalled = desk.sockets === "mute";
      if (desk.sockets === "cut") desk.clock.after(CUT_AFTER_MS, () => this.breakOff());
      desk.opened(this);
      this.onopen?.();
    });
  }

  send(text: string): void {
    this.readAt = this.later(this.readAt, () => {
      if (this.isAlive && !this.isStalled) this.desk.answer(this, JSON.parse(text));
    });
  }

  tell(frame: object): void {
    this.toldAt = this.later(this.toldAt, () => {
      if (this.isAlive && !this.isStalled) this.onmessage?.({ data: JSON.stringify(frame) });
    });
  }

  breakOff(code = 1006): void {
    if (!this.isAlive) return;
    this.close();
    this.onclose?.({ code });
  }

  close(): void {
    this.isAlive = false;
    this.desk.gone(this);
  }

  /** In its own time, but never before what was sent earlier. */
  private later(notBefore: number, then: () => void): number {
    const { clock, weather } = this.desk;
    const at = Math.max(notBefore, clock.now + 1 + weather.dice() * weather.delayMs);
    clock.after(at - clock.now, then);
    return at;
  }
}
