// Error codes as an agent reads them: what happened and what to do.
import type { RefusalCode } from "../../realtime";

export interface Explained {
  readonly title: string;
  readonly advice: string;
}

const EXPLAINED: Partial<Record<RefusalCode | "stale", Explained>> = {
  already_taken: {
    title: "Somebody else was faster",
    advice: "A colleague already has this conversation. Pick the next one from the queue.",
  },
  illegal_transition: {
    title: "Not possible any more",
    advice: "The conversation has changed meanwhile. Look at its state and try again.",
  },
  not_assigned: {
    title: "This conversation is not yours",
    advice: "Only the assignee writes to the customer. Leave a note, or ask the assignee to transfer it to you.",
  },
  conversation_closed: {
    title: "The conversation is closed",
    advice: "Nothing was sent. It opens again when the customer writes.",
  },
  not_found: { title: "Conversation not found", advice: "It may have been removed. Choose another one from the list." },
  text_too_long: { title: "The text is too long", advice: "Shorten it or send it in two parts." },
  empty_text: { title: "There is nothing to send", advice: "Write something first." },
  bad_text: {
    title: "The text holds characters that cannot be sent",
    advice: "Remove invisible or broken characters (often from copying) and send again.",
  },
  client_id_reused: { title: "Already sent with other words", advice: "Reload the page, then send your text again." },
  unauthenticated: { title: "You are signed out", advice: "Sign in again; your drafts are kept." },
  rate_limited: { title: "That was too fast", advice: "Wait a moment and try again." },
  busy: { title: "The desk is very busy", advice: "Wait a moment and try again." },
  unavailable: { title: "Part of the desk is away", advice: "Nothing was changed. Try again in a moment." },
  disconnected: {
    title: "No connection to the desk",
    advice: "Wait until the connection is back, look whether it has happened, and try again if not.",
  },
  timeout: {
    title: "The desk did not answer in time",
    advice: "Look whether it has happened, and try again if not.",
  },
  stale: {
    title: "Found unsent after a long time",
    advice: "Read it again: send it if it still fits, else discard it.",
  },
  internal: {
    title: "The desk had a problem",
    advice: "Nothing was changed. Try again; if it stays, tell your supervisor.",
  },
};

export function explain(code: RefusalCode | "stale", message: string): Explained {
  return EXPLAINED[code] ?? { title: "The desk refused that", advice: message || "Reload the page and try again." };
}
