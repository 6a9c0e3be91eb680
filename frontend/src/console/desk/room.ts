// A conversation opened on screen: its timeline, notes, what is on its way, and who types.
import type { Author, Message, Note } from "../../protocol";

export interface Pending {
  readonly clientId: string;
  readonly text: string;
  readonly state: "pending" | "sent" | "failed";
  readonly problem: string | null;
}

export interface Room {
  readonly status: "loading" | "ready" | "missing";
  readonly messages: readonly Message[];
  readonly notes: readonly Note[];
  readonly pending: readonly Pending[];
  readonly typing: Author | null;
}

export const CLOSED_ROOM: Room = { status: "loading", messages: [], notes: [], pending: [], typing: null };

/** Notes are few; the same one may come twice (answer and push). */
export function withNotes(notes: readonly Note[], more: readonly Note[]): readonly Note[] {
  const byId = new Map([...notes, ...more].map((note) => [note.id, note]));
  return [...byId.values()].sort((a, b) => a.after_seq - b.after_seq || a.id - b.id);
}
