// What the timeline shows, from what is held: messages, what is still on its way, days between them. Pure.
import type { AuthorKind, Message } from "../protocol";
import type { Draft, Timeline } from "../realtime";
import { dayOf } from "../ui/duration";

export interface MessageRow {
  readonly kind: "message";
  readonly key: string;
  readonly author: AuthorKind;
  readonly name: string;
  readonly text: string;
  readonly at: number;
  readonly seq: number | null;
  readonly state: "sent" | "pending" | "failed";
  readonly message: Message | null;
  readonly draft: Draft | null;
  /** The first of several by the same author: it carries the name. */
  readonly isFirst: boolean;
  /** The last of several: it carries the time. */
  readonly isLast: boolean;
}

export interface DayRow {
  readonly kind: "day";
  readonly key: string;
  readonly at: number;
}

export type Row = MessageRow | DayRow;

const TOGETHER_MS = 5 * 60_000;

export function rowsOf(timeline: Timeline, drafts: readonly Draft[]): readonly Row[] {
  const shown = new Set(timeline.map((message) => message.client_id));
  const waiting = drafts.filter((draft) => !shown.has(draft.clientId));
  const rows = grouped([...timeline.map(ofMessage), ...waiting.map(ofDraft)]);
  return rows.flatMap((row, i) => {
    const before = rows[i - 1];
    const isNewDay = before === undefined || dayOf(new Date(before.at)) !== dayOf(new Date(row.at));
    return isNewDay ? [{ kind: "day" as const, key: `day-${row.key}`, at: row.at }, row] : [row];
  });
}

/** The last message of the customer that an agent has seen; below it stands "Seen". */
export function lastSeen(timeline: Timeline, agentReadSeq: number): number | null {
  return timeline.findLast((m) => m.author.kind === "customer" && m.seq <= agentReadSeq)?.seq ?? null;
}

export function unreadOf(timeline: Timeline, readSeq: number): number {
  return timeline.filter((m) => m.seq > readSeq && m.author.kind !== "customer").length;
}

function ofMessage(message: Message): MessageRow {
  return {
    kind: "message",
    key: message.client_id === "" ? `seq-${message.seq}` : message.client_id,
    author: message.author.kind,
    name: message.author.name,
    text: message.text,
    at: Date.parse(message.posted_at),
    seq: message.seq,
    state: "sent",
    message,
    draft: null,
    isFirst: true,
    isLast: true,
  };
}

function ofDraft(draft: Draft): MessageRow {
  return {
    kind: "message",
    key: draft.clientId,
    author: "customer",
    name: "",
    text: draft.text,
    at: draft.writtenAt,
    seq: draft.seq,
    state: draft.state,
    message: null,
    draft,
    isFirst: true,
    isLast: true,
  };
}

function grouped(rows: readonly MessageRow[]): readonly MessageRow[] {
  return rows.map((row, i) => ({
    ...row,
    isFirst: !belong(rows[i - 1], row),
    isLast: !belong(row, rows[i + 1]),
  }));
}

function belong(first: MessageRow | undefined, second: MessageRow | undefined): boolean {
  if (first === undefined || second === undefined) return false;
  return first.author === second.author && first.name === second.name && second.at - first.at < TOGETHER_MS;
}
