// What the console knows of the desk, and how pushes and answers change it. Pure: (state, news) -> state.
import type {
  AgentSession,
  ConversationList,
  DeskConversation,
  ListView,
  Message,
  OfferWithdrawn,
  PresenceChanged,
  ReadChanged,
} from "../../protocol";
import * as offers from "./offers";
import { type Counts, inView, NO_COUNTS, recount, VIEWS } from "./views";

export interface Page {
  readonly loaded: boolean;
  readonly cursor: string | null;
  /** The last conversation of the pages read so far, while there are more. */
  readonly edge: DeskConversation | null;
}

export type Held = ReadonlyMap<string, DeskConversation>;

export interface DeskState {
  readonly session: AgentSession | null;
  readonly conversations: Held;
  readonly pages: Readonly<Record<ListView, Page>>;
  readonly counts: Counts;
  /** A conversation changed whose former state is unknown here: the counts have to be asked for again. */
  readonly countsStale: boolean;
  readonly offers: offers.Offers;
}

const UNREAD_PAGE: Page = { loaded: false, cursor: null, edge: null };
const UNREAD_PAGES = Object.fromEntries(VIEWS.map((view) => [view, UNREAD_PAGE])) as Record<ListView, Page>;

export const EMPTY_DESK: DeskState = {
  session: null,
  conversations: new Map(),
  pages: UNREAD_PAGES,
  counts: NO_COUNTS,
  countsStale: false,
  offers: [],
};

const me = (state: DeskState): number => state.session?.me.id ?? -1;

export function sessionOpened(state: DeskState, session: AgentSession): DeskState {
  const known = session.offers.reduce(hold, { ...state, session });
  return { ...known, offers: offers.opened(session.offers, session.me.id) };
}

/** Told without a socket: an offer that is being answered stays so. */
export function sessionTold(state: DeskState, session: AgentSession): DeskState {
  const before = new Map(state.offers.map((offer) => [offer.conversation.id, offer.answering]));
  const told = sessionOpened(state, session);
  const answering = told.offers.map((o) => ({ ...o, answering: before.get(o.conversation.id) ?? o.answering }));
  return { ...told, offers: answering };
}

/** The answer to choosing availability: it may be older than an offer that was pushed meanwhile, which stays. */
export function availabilityChosen(state: DeskState, session: AgentSession): DeskState {
  const known = session.offers.reduce(hold, { ...state, session });
  const all = session.offers.reduce((held, offered) => offers.made(held, offered, session.me.id), state.offers);
  return { ...known, offers: all };
}

/** After a reconnect: keep what is on screen, but read every view again before trusting it. */
export function pagesForgotten(state: DeskState): DeskState {
  return { ...state, pages: UNREAD_PAGES };
}

/** `asked` is what was held when the first page was asked for; null for a further page. */
export function pageRead(state: DeskState, view: ListView, asked: Held | null, answer: ConversationList): DeskState {
  const base = asked === null ? state : withoutLeftovers(state, view, asked, answer);
  const held = answer.items.reduce(holdWithOffer, base);
  const last = answer.items.at(-1) ?? null;
  const edge = answer.cursor === null ? null : (held.conversations.get(last?.id ?? "") ?? last);
  return {
    ...held,
    pages: { ...held.pages, [view]: { loaded: true, cursor: answer.cursor, edge } },
    counts: countsFrom(answer.counts),
    countsStale: false,
  };
}

/** The first page read anew, while further ones may be on screen. */
export function pageRefreshed(state: DeskState, view: ListView, asked: Held, answer: ConversationList): DeskState {
  const read = pageRead(state, view, asked, answer);
  return state.pages[view].loaded ? { ...read, pages: state.pages } : read;
}

export function countsRead(state: DeskState, answer: ConversationList): DeskState {
  return { ...state, counts: countsFrom(answer.counts), countsStale: false };
}

export function conversationChanged(state: DeskState, conversation: DeskConversation): DeskState {
  const before = state.conversations.get(conversation.id) ?? null;
  if (before !== null && before.version > conversation.version) return state;
  const isNew = before === null && conversation.version <= 1;
  const held = hold(state, conversation);
  return {
    ...held,
    counts: before !== null || isNew ? recount(state.counts, before, conversation, me(state)) : state.counts,
    countsStale: state.countsStale || (before === null && !isNew),
    offers: offers.made(state.offers, conversation, me(state)),
  };
}

export function offerWithdrawn(state: DeskState, push: OfferWithdrawn): DeskState {
  return { ...state, offers: offers.withdrawn(state.offers, push, me(state)) };
}

export function offerAnswering(state: DeskState, id: string, answer: "accept" | "decline" | null): DeskState {
  return { ...state, offers: offers.answering(state.offers, id, answer) };
}

export function offerGone(state: DeskState, id: string): DeskState {
  return { ...state, offers: offers.without(state.offers, id) };
}

/** A newer message moves the conversation's preview along before its next snapshot comes. */
export function messagePosted(state: DeskState, message: Message): DeskState {
  const held = state.conversations.get(message.conversation_id);
  if (held === undefined || held.last_seq >= message.seq) return state;
  return put(state, {
    ...held,
    last_seq: message.seq,
    last_message_at: message.posted_at,
    last_author: message.author.kind,
    preview: message.text,
  });
}

export function readChanged(state: DeskState, push: ReadChanged): DeskState {
  const held = state.conversations.get(push.conversation_id);
  if (held === undefined) return state;
  const field = push.reader === "agent" ? "agent_read_seq" : "customer_read_seq";
  return push.seq <= held[field] ? state : put(state, { ...held, [field]: push.seq });
}

export function presenceChanged(state: DeskState, push: PresenceChanged): DeskState {
  return push.kind === "agent" ? colleagueChanged(state, push) : customerChanged(state, push);
}

function colleagueChanged(state: DeskState, push: PresenceChanged): DeskState {
  if (state.session === null) return state;
  const { me: self, colleagues } = state.session;
  const load = push.load ?? null;
  const isMe = String(self.id) === push.id;
  const changed = colleagues.map((colleague) =>
    String(colleague.id) === push.id
      ? {
          ...colleague,
          online: push.online,
          availability: push.availability ?? colleague.availability,
          availability_reason: push.availability_reason ?? colleague.availability_reason,
          load: load ?? colleague.load,
        }
      : colleague,
  );
  const mine = isMe
    ? {
        ...self,
        availability: push.availability ?? self.availability,
        availability_reason: push.availability_reason ?? self.availability_reason,
        load: load ?? self.load,
      }
    : self;
  return { ...state, session: { ...state.session, me: mine, colleagues: changed } };
}

function customerChanged(state: DeskState, push: PresenceChanged): DeskState {
  const theirs = [...state.conversations.values()].filter((c) => c.customer.id === push.id);
  return theirs.reduce((s, c) => put(s, { ...c, customer: { ...c.customer, online: push.online } }), state);
}

/** Keeps the newest snapshot; one of the same version is taken, because its place may have changed. */
function hold(state: DeskState, conversation: DeskConversation): DeskState {
  const held = state.conversations.get(conversation.id);
  if (held === undefined) return put(state, conversation);
  if (held.version > conversation.version) return state;
  const isBehind = held.last_seq > conversation.last_seq;
  return put(state, {
    ...conversation,
    customer_read_seq: Math.max(held.customer_read_seq, conversation.customer_read_seq),
    agent_read_seq: Math.max(held.agent_read_seq, conversation.agent_read_seq),
    ...(isBehind
      ? {
          last_seq: held.last_seq,
          preview: held.preview,
          last_author: held.last_author,
          last_message_at: held.last_message_at,
        }
      : {}),
  });
}

/** A list tells of offers too, should their own push have been lost. */
function holdWithOffer(state: DeskState, conversation: DeskConversation): DeskState {
  const held = hold(state, conversation);
  const taken = held.conversations.get(conversation.id);
  if (taken?.version !== conversation.version) return held;
  return { ...held, offers: offers.made(held.offers, conversation, me(state)) };
}

function put(state: DeskState, conversation: DeskConversation): DeskState {
  return { ...state, conversations: new Map(state.conversations).set(conversation.id, conversation) };
}

/** What the view holds, untouched since we asked, and is not in the answer left the view while we were away. */
function withoutLeftovers(state: DeskState, view: ListView, asked: Held, answer: ConversationList): DeskState {
  const edge = answer.cursor === null ? null : (answer.items.at(-1) ?? null);
  const answered = new Set(answer.items.map((c) => c.id));
  const kept = new Map(state.conversations);
  for (const held of inView(view, state.conversations.values(), me(state), edge)) {
    if (!answered.has(held.id) && asked.get(held.id) === held) kept.delete(held.id);
  }
  return { ...state, conversations: kept };
}

function countsFrom(counts: Readonly<Record<string, number>>): Counts {
  return Object.fromEntries(VIEWS.map((view) => [view, counts[view] ?? 0])) as Record<ListView, number>;
}
