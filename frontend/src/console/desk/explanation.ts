// Why a message went to the bot or to a person, and correcting what was read. Over REST.
import { ask } from "./session";

export interface Explanation {
  decision_id: number;
  inbox_id: number;
  text: string;
  route: "bot" | "human";
  rule: string;
  headline: string;
  because: string;
  also: string[];
  again: string;
  is_confirmed: boolean;
  signals: { intent?: { name: string; confidence: number } | null } & Record<string, unknown>;
  policy_version: string;
  model_version: string;
}

export const explanation = (conversation: string, seq: number) =>
  ask<Explanation>("GET", `/api/v1/conversations/${conversation}/messages/${seq}/explanation/`);

export const intents = () => ask<{ items: string[] }>("GET", "/api/v1/intents/");

/** What the customer wanted, in place of what was read; learned with the next training. */
export const correct = ({ text, inbox_id, decision_id }: Explanation, intent: string) =>
  ask<object>("POST", "/api/v1/examples/", { text: text.slice(0, 2000), intent, inbox_id, decision_id });

/** Notices that tell the customer that people take over. */
export const HANDOFF_NOTICES: ReadonlySet<string> = new Set(["handoff_requested", "callback_promised"]);

/** Signals as pairs of words, without what was not seen. */
export function signalsInWords(signals: Record<string, unknown>): [name: string, value: string][] {
  return Object.entries(signals)
    .filter(([, value]) => value !== null && value !== "" && value !== undefined)
    .map(([name, value]) => [SIGNAL_NAMES[name] ?? name.replaceAll("_", " "), inOneLine(value)]);
}

const SIGNAL_NAMES: Readonly<Record<string, string>> = {
  human_only: "only people answer",
  human_request: "asks for a person, by a rule",
  wish: "asks for a person, by the model",
  right: "chance of the right intent",
  model: "read by",
  misses: "times without an answer",
  repeats: "says it again",
  verified: "signed in at the shop",
  bot_turns: "answers of the bot before",
  support: "how well an article answers",
};

function inOneLine(value: unknown): string {
  if (typeof value === "number") return String(Math.round(1000 * value) / 1000);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "object" || value === null) return String(value);
  return Object.values(value)
    .filter((each) => each !== null)
    .map(inOneLine)
    .filter((words) => words !== "")
    .join(", ");
}
