// Which conversation stands in which view, and in which order. Pure; mirrors what `conversation.list` answers.
import type { DeskConversation, ListView } from "../../protocol";

export const VIEWS: readonly ListView[] = ["queue", "mine", "callbacks", "open", "closed"];

export const VIEW_NAMES: Readonly<Record<ListView, string>> = {
  queue: "Queue",
  mine: "My chats",
  callbacks: "Callbacks",
  open: "All open",
  closed: "Closed",
};

export type Counts = Readonly<Record<ListView, number>>;
export const NO_COUNTS: Counts = { queue: 0, mine: 0, callbacks: 0, open: 0, closed: 0 };

type Member = Pick<DeskConversation, "state" | "agent">;

export function belongs(view: ListView, conversation: Member, me: number): boolean {
  switch (view) {
    case "queue":
      return conversation.state === "queued" || conversation.state === "offered";
    case "mine":
      return conversation.state === "assigned" && conversation.agent?.id === me;
    case "callbacks":
      return conversation.state === "callback";
    case "open":
      return conversation.state !== "closed";
    case "closed":
      return conversation.state === "closed";
  }
}

type Ordered = Pick<DeskConversation, "id" | "place_at" | "last_message_at">;

/** Queue: by place, which the server gives. Elsewhere: the latest message first. Ties as the server's. */
export function compare(view: ListView, a: Ordered, b: Ordered): number {
  if (view === "queue") return place(a) - place(b) || byId(a, b);
  return latest(b) - latest(a) || byId(b, a);
}

const byId = (a: Ordered, b: Ordered): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const place = (c: Ordered): number => Date.parse(c.place_at ?? c.last_message_at);
const latest = (c: Ordered): number => Date.parse(c.last_message_at);

/**
 * The view's conversations in order. `edge` is the last one of the pages read so far while more pages exist:
 * what stands behind it is left out, because conversations unknown here may stand in between.
 */
export function inView(
  view: ListView,
  conversations: Iterable<DeskConversation>,
  me: number,
  edge: Ordered | null,
): DeskConversation[] {
  return [...conversations]
    .filter((c) => belongs(view, c, me) && (edge === null || compare(view, c, edge) <= 0))
    .sort((a, b) => compare(view, a, b));
}

/** The counts after one conversation changed from `before` (null: it is new) to `after`. */
export function recount(counts: Counts, before: Member | null, after: Member, me: number): Counts {
  const changed = { ...counts };
  for (const view of VIEWS) {
    const was = before !== null && belongs(view, before, me);
    changed[view] = Math.max(0, counts[view] + Number(belongs(view, after, me)) - Number(was));
  }
  return changed;
}

type Readable = Pick<DeskConversation, "state" | "last_author" | "last_seq" | "agent_read_seq">;

export function isUnread(c: Readable): boolean {
  return c.state === "assigned" && c.last_author !== "agent" && c.last_seq > c.agent_read_seq;
}

/** The neighbour of the selected conversation; the first or last one when none is selected. */
export function neighbour(ids: readonly string[], selected: string | null, step: 1 | -1): string | null {
  const at = selected === null ? -1 : ids.indexOf(selected);
  if (at === -1) return (step === 1 ? ids[0] : ids.at(-1)) ?? null;
  return ids[Math.min(ids.length - 1, Math.max(0, at + step))] ?? null;
}
