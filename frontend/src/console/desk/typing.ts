// Tells the customer that the agent types: at most every few seconds, and that it stopped.

const RENEW_MS = 3_000;
const STOP_MS = 5_000;

export class TypingSignal {
  private isOn: string | null = null;
  private sentAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly send: (conversation: string, typing: boolean) => void) {}

  set(conversation: string, typing: boolean): void {
    clearTimeout(this.timer);
    if (this.isOn !== null && (!typing || this.isOn !== conversation)) {
      this.send(this.isOn, false);
      this.isOn = null;
    }
    if (!typing) return;
    this.timer = setTimeout(() => this.set(conversation, false), STOP_MS);
    if (this.isOn === conversation && Date.now() - this.sentAt < RENEW_MS) return;
    this.isOn = conversation;
    this.sentAt = Date.now();
    this.send(conversation, true);
  }

  /** A sent message says as much: nothing more to send. */
  clear(): void {
    clearTimeout(this.timer);
    this.isOn = null;
  }
}
