// The offers on this agent's screen: what comes, what goes and why. Pure.
import type { DeskConversation, OfferWithdrawn } from "../../protocol";

export interface OfferOnScreen {
  readonly conversation: DeskConversation;
  readonly offeredAt: number;
  readonly expiresAt: number;
  /** An answer of this agent is on its way. */
  readonly answering: "accept" | "decline" | null;
}

export type Offers = readonly OfferOnScreen[];

/** What a snapshot says of offers: one to somebody else, or none, is not this agent's (any more). */
export function made(offers: Offers, conversation: DeskConversation, me: number): Offers {
  const { offer } = conversation;
  const held = offers.find((o) => o.conversation.id === conversation.id);
  const others = held === undefined ? offers : without(offers, conversation.id);
  if (offer === null || offer.agent_id !== me) return others;
  const expiresAt = Date.parse(offer.expires_at);
  const fresh: OfferOnScreen = {
    conversation,
    offeredAt: Date.parse(offer.offered_at),
    expiresAt,
    answering: held?.expiresAt === expiresAt ? held.answering : null,
  };
  return [...others, fresh].sort((a, b) => a.expiresAt - b.expiresAt);
}

/** After (re)opening the session the server's list is the truth. */
export function opened(conversations: readonly DeskConversation[], me: number): Offers {
  return conversations.reduce<Offers>((offers, conversation) => made(offers, conversation, me), []);
}

export function withdrawn(
  offers: Offers,
  push: Pick<OfferWithdrawn, "conversation_id" | "agent_id">,
  me: number,
): Offers {
  return push.agent_id === me ? without(offers, push.conversation_id) : offers;
}

export function answering(offers: Offers, id: string, answer: OfferOnScreen["answering"]): Offers {
  return offers.map((o) => (o.conversation.id === id ? { ...o, answering: answer } : o));
}

export function without(offers: Offers, id: string): Offers {
  return offers.filter((o) => o.conversation.id !== id);
}

/** Why an offer went away, in words; null when the agent did it himself. */
export function farewell(reason: OfferWithdrawn["reason"], customer: string): string | null {
  switch (reason) {
    case "accepted":
    case "declined":
      return null;
    case "expired":
      return `Time ran out for ${customer}. The conversation goes to the next agent.`;
    case "cancelled":
      return `${customer} no longer waits for you: the conversation was closed or taken by somebody else.`;
  }
}
