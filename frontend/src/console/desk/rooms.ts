// The conversations opened on screen: follows their timelines, and gathers notes, drafts on their way and who types.
import type { Author, Note, TypingChanged } from "../../protocol";
import { type Agents, type Client, type Draft, type Feed, Store } from "../../realtime";
import { explain } from "./errors";
import { CLOSED_ROOM, type Pending, type Room, withNotes } from "./room";

interface Opened {
  readonly feed: Feed;
  readonly room: Store<Room>;
  readonly stop: () => void;
  notes: readonly Note[];
  typing: Author | null;
  typingTimer: ReturnType<typeof setTimeout> | undefined;
}

/** Rooms kept followed, so that going back and forth is instant; the server follows 50 at most. */
const KEPT = 20;
/** A typing mark that is not renewed is gone. */
const TYPING_MS = 6_000;

export class Rooms {
  private readonly opened = new Map<string, Opened>();

  constructor(
    private readonly client: Client<Agents>,
    private readonly onEvicted: (id: string) => void,
  ) {
    client.outbox.drafts.subscribe(() => {
      for (const [id, room] of this.opened) this.gather(id, room);
    });
    client.on("joined", ({ conversation, notes }) => this.noted(conversation.id, notes));
    client.on("note.posted", (note) => this.noted(note.conversation_id, [note]));
    client.on("typing.changed", (push) => this.typed(push));
    client.on("message.posted", ({ conversation_id, author }) => {
      const room = this.opened.get(conversation_id);
      if (room !== undefined && room.typing?.kind === author.kind) this.setTyping(conversation_id, room, null);
    });
  }

  open(id: string): Store<Room> {
    const held = this.opened.get(id) ?? this.follow(id);
    this.opened.delete(id);
    this.opened.set(id, held);
    for (const oldest of this.opened.keys()) {
      if (this.opened.size <= KEPT) break;
      this.evict(oldest);
    }
    return held.room;
  }

  noted(id: string, notes: readonly Note[]): void {
    const room = this.opened.get(id);
    if (room === undefined) return;
    room.notes = withNotes(room.notes, notes);
    this.gather(id, room);
  }

  /** What was missing may be readable now, e.g. after signing in again. */
  forget(id: string): void {
    if (this.opened.get(id)?.feed.state.get().status === "missing") this.evict(id);
  }

  private follow(id: string): Opened {
    const feed = this.client.follow(id);
    const room = new Store<Room>(CLOSED_ROOM);
    const stop = feed.state.subscribe(() => this.gather(id, opened));
    const opened: Opened = { feed, room, stop, notes: [], typing: null, typingTimer: undefined };
    this.gather(id, opened);
    return opened;
  }

  private evict(id: string): void {
    const room = this.opened.get(id);
    this.opened.delete(id);
    room?.stop();
    clearTimeout(room?.typingTimer);
    this.client.unfollow(id);
    this.onEvicted(id);
  }

  private typed({ conversation_id, author, typing }: TypingChanged): void {
    const room = this.opened.get(conversation_id);
    if (room !== undefined && author.kind === "customer") this.setTyping(conversation_id, room, typing ? author : null);
  }

  private setTyping(id: string, room: Opened, author: Author | null): void {
    clearTimeout(room.typingTimer);
    room.typing = author;
    if (author !== null) room.typingTimer = setTimeout(() => this.setTyping(id, room, null), TYPING_MS);
    this.gather(id, room);
  }

  private gather(id: string, { feed, room, notes, typing }: Opened): void {
    const { timeline, status } = feed.state.get();
    const shown = new Set(timeline.map((message) => message.client_id));
    const pending = this.client.outbox.drafts
      .get()
      .filter((draft) => draft.conversationId === id && !shown.has(draft.clientId))
      .map(pendingOf);
    room.set({ status, messages: timeline, notes, pending, typing });
  }
}

function pendingOf({ clientId, text, state, problem }: Draft): Pending {
  return { clientId, text, state, problem: problem === null ? null : wordsOf(problem) };
}

function wordsOf(problem: NonNullable<Draft["problem"]>): string {
  const { title, advice } = explain(problem, "");
  return `${title}. ${advice}`;
}
