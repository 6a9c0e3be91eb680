// Messages written but not yet committed. Each is kept under its own key, so that a reload (or another tab) loses none.
import type { Posted } from "../protocol";
import { newClientId } from "./client_id";
import type { Keep } from "./keep";
import type { RefusalCode } from "./refusal";
import { Store } from "./store";

export interface Draft {
  readonly clientId: string;
  readonly conversationId: string | null;
  readonly text: string;
  /** Milliseconds since 1970; also the order of sending. */
  readonly writtenAt: number;
  readonly state: "pending" | "sent" | "failed";
  /** The committed seq of a sent one: it is shown until the timeline has come that far. */
  readonly seq: number | null;
  /** Why it failed; `stale`: found unsent long after it was written, so the writer decides. */
  readonly problem: RefusalCode | "stale" | null;
}

export const STALE_MS = 3_600_000;
/** Unsent ones; nobody writes more by hand. */
const HELD_MOST = 100;

export class Outbox {
  readonly drafts = new Store<readonly Draft[]>([]);

  constructor(
    private readonly keep: Keep,
    private readonly prefix: string,
    now: number = Date.now(),
  ) {
    this.sync(now);
  }

  /** Null when it is full. */
  add(text: string, conversationId: string | null, now: number = Date.now()): Draft | null {
    if (this.drafts.get().filter((d) => d.state !== "sent").length >= HELD_MOST) return null;
    const writtenAt = Math.max(now, (this.drafts.get().at(-1)?.writtenAt ?? 0) + 1);
    const state = "pending";
    const draft: Draft = { clientId: newClientId(), conversationId, text, writtenAt, state, seq: null, problem: null };
    this.keep.set(this.key(draft.clientId), JSON.stringify(draft));
    this.drafts.update((drafts) => [...drafts, draft]);
    return draft;
  }

  /** Takes note of what the browser's other pages wrote, sent and discarded meanwhile. */
  sync(now: number = Date.now()): void {
    const kept = this.restore(now);
    const ids = new Set(kept.map((d) => d.clientId));
    const isNews = (d: Draft): boolean => d.state !== "sent" || ids.has(d.clientId);
    if (JSON.stringify(this.drafts.get().filter(isNews)) === JSON.stringify(kept)) return;
    this.drafts.update((drafts) => [...drafts.filter((d) => !isNews(d)), ...kept].sort(byTime));
  }

  /** The first of the conversation that is still to be sent. */
  next(conversationId: string | null): Draft | null {
    return this.drafts.get().find((d) => d.state === "pending" && d.conversationId === conversationId) ?? null;
  }

  sent(clientId: string, posted: Posted): void {
    this.keep.remove(this.key(clientId));
    this.change(clientId, { state: "sent", seq: posted.seq, conversationId: posted.conversation_id });
  }

  failed(clientId: string, problem: RefusalCode): void {
    this.change(clientId, { state: "failed", problem });
  }

  /** To be sent again; with a new id where the old one stands for another text. */
  retry(clientId: string): void {
    const draft = this.drafts.get().find((d) => d.clientId === clientId && d.state === "failed");
    if (draft === undefined) return;
    if (draft.problem !== "client_id_reused") return this.change(clientId, { state: "pending", problem: null });
    this.discard(clientId);
    this.add(draft.text, draft.conversationId);
  }

  discard(clientId: string): void {
    this.keep.remove(this.key(clientId));
    this.drafts.update((drafts) => drafts.filter((d) => d.clientId !== clientId));
  }

  /** The timeline shows these now. */
  settle(clientIds: ReadonlySet<string>): void {
    const settled = this.drafts.get().filter((d) => clientIds.has(d.clientId));
    for (const draft of settled) this.discard(draft.clientId);
  }

  private change(clientId: string, to: Partial<Draft>): void {
    this.drafts.update((drafts) => drafts.map((d) => (d.clientId === clientId ? { ...d, ...to } : d)));
    const changed = this.drafts.get().find((d) => d.clientId === clientId);
    if (changed !== undefined && changed.state !== "sent") {
      this.keep.set(this.key(clientId), JSON.stringify(changed));
    }
  }

  private restore(now: number): Draft[] {
    const known = new Set(this.drafts.get().map((d) => d.clientId));
    const keys = this.keep.keys().filter((key) => key.startsWith(this.prefix));
    return keys
      .map((key) => this.read(key))
      .filter((draft) => draft !== null)
      .map((draft) => (known.has(draft.clientId) ? draft : this.doubted(draft, now)))
      .sort(byTime);
  }

  private read(key: string): Draft | null {
    try {
      return JSON.parse(this.keep.get(key) ?? "null") as Draft | null;
    } catch {
      this.keep.remove(key); // not ours, or half written: nobody can send it
      return null;
    }
  }

  /** What another page, or this one before a reload, wrote long ago waits for the writer's word. */
  private doubted(draft: Draft, now: number): Draft {
    if (draft.state !== "pending" || now - draft.writtenAt <= STALE_MS) return draft;
    const stale: Draft = { ...draft, state: "failed", problem: "stale" };
    this.keep.set(this.key(draft.clientId), JSON.stringify(stale));
    return stale;
  }

  private key(clientId: string): string {
    return this.prefix + clientId;
  }
}

const byTime = (a: Draft, b: Draft): number => a.writtenAt - b.writtenAt;
