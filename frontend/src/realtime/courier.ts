// Carries the outbox to the server: one message at a time per conversation, in order, until ok or a final refusal;
// and one page of the browser at a time, so that pages which share an outbox do not send the same.
import type { Posted } from "../protocol";
import { backoff } from "./backoff";
import type { Draft, Outbox } from "./outbox";
import { asRefusal, type Refusal } from "./refusal";
import { pause, type World } from "./world";

const INTERNAL_TRIES = 2;

export class Courier {
  private readonly busy = new Set<string | null>();
  /** Called upon while busy: a loss of connection must not hide that a new session has begun. */
  private readonly calledAgain = new Set<string | null>();

  constructor(
    private readonly outbox: Outbox,
    private readonly post: (draft: Draft) => Promise<Posted>,
    private readonly onPosted: (posted: Posted) => void,
    private readonly world: World,
    private readonly name: string,
  ) {}

  /** Sends what waits. A loss of connection ends it quietly; the next session calls again. */
  carry(): void {
    const conversations = new Set(this.outbox.drafts.get().map((draft) => draft.conversationId));
    for (const id of conversations) {
      if (this.busy.has(id)) this.calledAgain.add(id);
      else void this.carryAlone(id);
    }
  }

  private async carryAlone(conversationId: string | null): Promise<void> {
    this.busy.add(conversationId);
    do {
      this.calledAgain.delete(conversationId);
      await this.world.alone(this.name + conversationId, () => this.carryAll(conversationId));
    } while (this.calledAgain.has(conversationId));
    this.busy.delete(conversationId);
  }

  private async carryAll(conversationId: string | null): Promise<void> {
    this.outbox.sync(this.world.now());
    let failures = 0;
    for (let draft = this.outbox.next(conversationId); draft !== null; draft = this.outbox.next(conversationId)) {
      try {
        const posted = await this.post(draft);
        failures = 0;
        this.outbox.sent(draft.clientId, posted);
        this.onPosted(posted);
      } catch (thrown) {
        const why = asRefusal(thrown);
        if (why.code === "disconnected") {
          if (!this.calledAgain.delete(conversationId)) break;
          continue;
        }
        if (this.isFinal(why, failures)) this.outbox.failed(draft.clientId, why.code);
        else await pause(this.world, 200 + backoff(failures++, this.world.random()));
      }
    }
  }

  private isFinal(why: Refusal, failures: number): boolean {
    return why.code === "internal" ? failures + 1 >= INTERNAL_TRIES : !why.isPassing;
  }
}
