// Test data: conversations of the demo shop as the desk would send them. Not part of the console.
import type { AgentSession, DeskConversation, Message, Note, Offer } from "../../protocol";

export const BOB = 7;
export const CAROL = 8;

const START = Date.parse("2026-05-04T10:00:00Z");

/** The moment `s` seconds into the tests' day. */
export const at = (s: number): string => new Date(START + s * 1000).toISOString();

export function conversation(change: Partial<DeskConversation> = {}): DeskConversation {
  return {
    id: "00000000-0000-4000-8000-000000000001",
    version: 1,
    state: "queued",
    agent: null,
    last_seq: 1,
    customer_read_seq: 0,
    agent_read_seq: 0,
    place: null,
    callback_due: null,
    mail_to: null,
    score: null,
    opened_at: at(0),
    closed_at: null,
    inbox: "Lumen & Oak",
    customer: { id: "c-1", name: "Ana", email: "", verified: false, online: true, locale: "en", page: "" },
    owner: "queue",
    deadline: null,
    priority: 0,
    waiting_since: at(0),
    place_at: at(0),
    language: "en",
    preview: "Hello",
    last_author: "customer",
    last_message_at: at(0),
    handoff: null,
    offer: null,
    waits_for: "",
    beside: [],
    mailed_seq: 0,
    mail_problem: "",
    ...change,
  };
}

export function assigned(agent: number, change: Partial<DeskConversation> = {}): DeskConversation {
  const card = { id: agent, name: agent === BOB ? "Bob" : "Carol" };
  return conversation({ state: "assigned", owner: "agent", agent: card, ...change });
}

export function offeredTo(agent: number, change: Partial<DeskConversation> = {}): DeskConversation {
  const offer: Offer = { agent_id: agent, offered_at: at(10), expires_at: at(40), why: "least loaded" };
  return conversation({ state: "offered", offer, version: 2, ...change });
}

export function message(seq: number, change: Partial<Message> = {}): Message {
  return {
    conversation_id: conversation().id,
    seq,
    client_id: `message-${seq}`,
    author: { kind: "customer", id: "c-1", name: "Ana" },
    text: `Message ${seq}`,
    notice: null,
    sources: [],
    posted_at: at(seq),
    ...change,
  };
}

export function note(id: number, afterSeq: number): Note {
  const author = { kind: "agent", id: String(BOB), name: "Bob" } as const;
  return {
    id,
    conversation_id: conversation().id,
    after_seq: afterSeq,
    client_id: `note-${id}-id`,
    author,
    text: "Check the invoice.",
    whisper: false,
    posted_at: at(afterSeq),
  };
}

export function session(change: Partial<AgentSession> = {}): AgentSession {
  return {
    me: {
      id: BOB,
      name: "Bob",
      role: "agent",
      availability: "available",
      availability_reason: "",
      capacity: 4,
      load: 0,
      may_pick: false,
    },
    offers: [],
    skills: [],
    teams: [],
    colleagues: [
      {
        id: CAROL,
        name: "Carol",
        online: true,
        availability: "available",
        availability_reason: "",
        load: 1,
        capacity: 4,
      },
    ],
    heartbeat_s: 15,
    text_chars: 4000,
    ...change,
  };
}
