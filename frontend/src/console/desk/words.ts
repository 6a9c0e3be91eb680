// How states, reasons and languages are called on the agent's screen.
import type { ConversationState, DeskConversation, HandoffReason, HandoffScore, Message } from "../../protocol";

export const STATE_NAMES: Readonly<Record<ConversationState, string>> = {
  bot: "Bot",
  queued: "Waiting",
  offered: "Offered",
  assigned: "With agent",
  callback: "Callback",
  closed: "Closed",
};

/** The state as agent `me` sees it: an assigned one says with whom, one that waits for whom. */
export function stateName(
  { state, agent, waits_for }: Pick<DeskConversation, "state" | "agent" | "waits_for">,
  me: number | undefined,
): string {
  if (state === "assigned" && agent !== null) return agent.id === me ? "With you" : `With ${agent.name}`;
  if (state === "queued" && waits_for !== "") return `Waiting for ${waits_for}`;
  return STATE_NAMES[state];
}

/** How a customer's message came, where it was a letter; null where it was not. A sender may have been forged. */
export function byMail({ author, client_id }: Pick<Message, "author" | "client_id">): { isVerified: boolean } | null {
  if (author.kind !== "customer" || !client_id.startsWith("mail:")) return null;
  return { isVerified: !client_id.startsWith("mail:u:") };
}

/** What agent `me` is told when a supervisor has taken his conversation; null for any other change. */
export function takenOver(before: DeskConversation | undefined, after: DeskConversation, me?: number): string | null {
  const wasMine = before?.state === "assigned" && before.agent?.id === me;
  if (!wasMine || after.state !== "assigned" || after.agent === null || after.agent.id === me) return null;
  return `${after.agent.name} has taken over your conversation with ${personName(after.customer.name)}.`;
}

export const STATE_COLORS: Readonly<Record<ConversationState, string>> = {
  bot: "violet",
  queued: "orange",
  offered: "yellow",
  assigned: "teal",
  callback: "blue",
  closed: "gray",
};

export const REASON_NAMES: Readonly<Record<HandoffReason, string>> = {
  asked: "Asked for a person",
  policy: "Kept for people",
  bot_failed: "Bot could not answer",
  bot_silent: "Bot did not answer in time",
  human_only: "Human-only topic",
  governor: "Automation paused for this topic",
};

export const SCORE_NAMES: Readonly<Record<HandoffScore, string>> = {
  right: "Right",
  too_late: "Too late",
  needless: "Needless",
};

const ACTIONS: Readonly<Record<string, string>> = {
  answered: "Answered",
  answer: "Answered",
  missed: "Found nothing",
  miss: "Found nothing",
  error: "Failed",
  silent: "Took too long",
};

/** A bot's action in words; an unknown one is shown as it came, readable. */
export function actionName(action: string): string {
  return ACTIONS[action] ?? inWords(action);
}

/** `order_status` -> `Order status`. */
export function inWords(code: string): string {
  const words = code.replaceAll(/[_.-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function languageName(code: string): string {
  if (code === "") return "Unknown";
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

export function personName(name: string): string {
  return name.trim() || "Visitor";
}

export function initials(name: string): string {
  const words = personName(name).split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...(word ?? "")][0] ?? "");
  return letters.join("").toUpperCase();
}
