// What the widget knows of the customer's conversation, and how news changes it. Pure: (state, news) -> state.
import type { Author, Conversation, CustomerSession, QueueMoved, ReadChanged, Site, TypingChanged } from "../protocol";
import { isNewer } from "../realtime";

export interface ChatState {
  readonly customer: string | null;
  readonly site: Site | null;
  readonly textChars: number;
  readonly conversation: Conversation | null;
  /** Who types, and until when that is believed (ms). */
  readonly typing: { readonly author: Author; readonly until: number } | null;
  /** A person was asked for while there was no connection. */
  readonly wantsPerson: boolean;
  /** The last action did not work. */
  readonly hasProblem: boolean;
}

export const START: ChatState = {
  customer: null,
  site: null,
  textChars: 4_000,
  conversation: null,
  typing: null,
  wantsPerson: false,
  hasProblem: false,
};

export const TYPING_MS = 6_000;

export function opened(state: ChatState, session: CustomerSession): ChatState {
  const isSame = state.customer === session.customer;
  const base = { ...state, customer: session.customer, site: session.site, textChars: session.text_chars };
  const held = isSame ? base : { ...base, conversation: null, typing: null };
  return session.conversation === null ? held : changed(held, session.conversation);
}

export function changed(state: ChatState, conversation: Conversation): ChatState {
  const held = state.conversation;
  const isOther = held !== null && held.id !== conversation.id;
  if (isOther && held.opened_at > conversation.opened_at) return state;
  if (!isNewer(held, conversation)) return state;
  return { ...state, conversation, typing: conversation.state === held?.state ? state.typing : null };
}

export function queueMoved(state: ChatState, { conversation_id, position, wait_s }: QueueMoved): ChatState {
  if (state.conversation?.id !== conversation_id) return state;
  return { ...state, conversation: { ...state.conversation, place: { position, wait_s } } };
}

export function readChanged(state: ChatState, { conversation_id, reader, seq }: ReadChanged): ChatState {
  const held = state.conversation;
  const field = reader === "agent" ? "agent_read_seq" : "customer_read_seq";
  if (held === null || held.id !== conversation_id || seq <= held[field]) return state;
  return { ...state, conversation: { ...held, [field]: seq } };
}

/** Our own typing comes back too and is nobody's news. */
export function typingChanged(state: ChatState, push: TypingChanged, now: number): ChatState {
  if (push.author.kind === "customer" || push.conversation_id !== state.conversation?.id) return state;
  return { ...state, typing: push.typing ? { author: push.author, until: now + TYPING_MS } : null };
}

export const isWaiting = (conversation: Conversation | null): boolean =>
  conversation?.state === "queued" || conversation?.state === "offered";

export const isEnded = (conversation: Conversation | null): boolean => conversation?.state === "closed";
