// The rows of a timeline: messages by seq, notes after the message they stand behind, days between. Pure.
import type { Message, Note } from "../../protocol";
import { dayOf } from "../../ui/duration";
import { HANDOFF_NOTICES } from "./explanation";
import type { Pending, Room } from "./room";

export type Entry =
  | { kind: "day"; key: string; at: Date }
  | { kind: "message"; key: string; message: Message; isFirst: boolean; isLast: boolean; isRouted: boolean }
  | { kind: "system"; key: string; message: Message }
  | { kind: "note"; key: string; note: Note }
  | { kind: "pending"; key: string; pending: Pending };

/** Messages of one author within this time stand together under one name. */
const TOGETHER_MS = 5 * 60_000;

export function timelineEntries(room: Pick<Room, "messages" | "notes" | "pending">): Entry[] {
  const entries: Entry[] = [];
  let day = "";
  for (const piece of merged(room.messages, room.notes)) {
    const at = new Date(piece.posted_at);
    if (dayOf(at) !== day) {
      day = dayOf(at);
      entries.push({ kind: "day", key: `day-${day}`, at });
    }
    entries.push(entryOf(piece));
  }
  markGroups(entries);
  markRouted(entries);
  for (const pending of room.pending) entries.push({ kind: "pending", key: pending.clientId, pending });
  return entries;
}

function entryOf(piece: Message | Note): Entry {
  if (!("seq" in piece)) return { kind: "note", key: `note-${piece.id}`, note: piece };
  if (piece.author.kind === "system") return { kind: "system", key: `seq-${piece.seq}`, message: piece };
  return { kind: "message", key: `seq-${piece.seq}`, message: piece, isFirst: true, isLast: true, isRouted: true };
}

function merged(messages: readonly Message[], notes: readonly Note[]): (Message | Note)[] {
  const place = (piece: Message | Note): number => ("seq" in piece ? piece.seq : piece.after_seq + 0.5);
  return [...messages, ...notes].sort((a, b) => place(a) - place(b));
}

function markGroups(entries: Entry[]): void {
  for (const [at, entry] of entries.entries()) {
    const before = entries[at - 1];
    if (entry.kind !== "message" || before?.kind !== "message" || !standTogether(before.message, entry.message))
      continue;
    entries[at - 1] = { ...before, isLast: false };
    entries[at] = { ...entry, isFirst: false };
  }
}

function standTogether(a: Message, b: Message): boolean {
  const isNear = Date.parse(b.posted_at) - Date.parse(a.posted_at) < TOGETHER_MS;
  return isNear && a.author.kind === b.author.kind && a.author.id === b.author.id;
}

const TO_PEOPLE: ReadonlySet<string> = new Set([...HANDOFF_NOTICES, "agent_joined"]);
const TO_BOT: ReadonlySet<string> = new Set(["returned_to_bot", "conversation_reopened"]);

/** While people have the conversation nothing is decided about what the customer writes. */
function markRouted(entries: Entry[]): void {
  let withPeople = false;
  for (const [at, entry] of entries.entries()) {
    if (entry.kind === "system") {
      const notice = entry.message.notice ?? "";
      withPeople = TO_PEOPLE.has(notice) || (withPeople && !TO_BOT.has(notice));
    } else if (entry.kind === "message" && withPeople) entries[at] = { ...entry, isRouted: false };
  }
}
