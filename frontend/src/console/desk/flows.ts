// What the bot does for customers: flows as they are kept, changed and tried. For supervisors, over REST.
import { ask, type Wrong } from "./session";
import { inWords } from "./words";

export type SlotKind = "pattern" | "date" | "choice" | "text";

export interface Slot {
  name: string;
  kind: SlotKind;
  ask: string;
  again: string;
  pattern: string;
  shape: string;
  choices: Record<string, string[]>;
  days_most: number;
  chars_most: number;
}

export interface Refusal {
  say: string;
  /** `end`, `human`, or the slot that is asked for again. */
  then: string;
}

export interface Spec {
  title: string;
  language: string;
  slots: Slot[];
  confirm: string | null;
  done: string;
  refusals: Record<string, Refusal>;
}

export interface Action {
  name: string;
  identity: "none" | "proven";
  takes: string[];
  gives: string[];
}

export interface Flow {
  id: number;
  intent: string;
  language: string;
  version: number;
  enabled: boolean;
  open_runs: number;
  action: Action;
  spec: Spec;
}

export interface Said {
  who: "customer" | "bot" | "desk";
  text: string;
}

const API = "/api/v1";

export interface Flows {
  items: Flow[];
  actions: Action[];
}

export const flows = (inbox: number) => ask<Flows>("GET", `${API}/inboxes/${inbox}/flows/`);
export const saveFlow = ({ id, version }: Flow, enabled: boolean, spec: Spec | null) =>
  ask<Flow>("PUT", `${API}/flows/${id}/`, { version, enabled, spec });
export const addFlow = (inbox: number, intent: string, action: string, spec: Spec) =>
  ask<Flow>("POST", `${API}/inboxes/${inbox}/flows/`, { intent, action, spec });
export const tryFlow = ({ id }: Flow, said: string[], refuses: string, spec: Spec | null) =>
  ask<{ items: Said[] }>("POST", `${API}/flows/${id}/try/`, { said, refuses, spec });

export const newSlot = (name: string): Slot => ({
  name,
  kind: "text",
  ask: "",
  again: "",
  pattern: "",
  shape: "{}",
  choices: {},
  days_most: 60,
  chars_most: 500,
});

// biome-ignore lint/suspicious/noThenProperty: the flow's own word; nobody awaits a refusal
export const refusalOf = (say: string, follows: string): Refusal => ({ say, then: follows });

/** What a new flow begins with: the words of the same intent in another language, or a question for all its action takes. */
export function firstSpec(intent: string, action: Action, language: string, known: readonly Flow[]): Spec {
  const all = known.filter((flow) => flow.intent === intent && flow.action.name === action.name);
  const alike = all.find((flow) => flow.language === "en") ?? all[0];
  if (alike !== undefined) return { ...alike.spec, language };
  return {
    title: inWords(action.name),
    language,
    slots: action.takes.map((name) => ({ ...newSlot(name), ask: `${inWords(name)}?`, again: `${inWords(name)}?` })),
    confirm: null,
    done: action.gives.length === 0 ? "Done." : `Done: ${action.gives.map((name) => `{${name}}`).join(", ")}.`,
    refusals: {},
  };
}

/** One value a line, with the words that mean it: `red: red, scarlet`. */
export const choicesInWords = (choices: Slot["choices"]) =>
  Object.entries(choices)
    .map(([value, words]) => `${value}: ${words.join(", ")}`)
    .join("\n");

export function choicesFrom(text: string): Slot["choices"] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return Object.fromEntries(
    lines.map((line) => {
      const [value = "", words] = line.split(/:(.*)/s);
      const named = (words ?? value).split(",").map((word) => word.trim());
      return [value.trim(), named.filter((word) => word !== "")];
    }),
  );
}

/** How a slot's answer is understood. */
export function kindInWords(slot: Slot): string {
  switch (slot.kind) {
    case "pattern":
      return slot.shape === "{}"
        ? "found by a pattern"
        : `found by a pattern, kept as ${slot.shape.replace("{}", "…")}`;
    case "date":
      return `a date within ${slot.days_most} days`;
    case "choice":
      return `one of ${Object.keys(slot.choices).join(", ")}`;
    case "text":
      return "whatever is answered";
  }
}

/** What follows a merchant's no. */
export function thenInWords(then: string): string {
  if (then === "human") return "then a person takes over";
  return then === "end" ? "then the flow ends" : `then “${then}” is asked for again`;
}

/** What is wrong at this place, and at what is in it where `deep`; null where nothing is. */
export function wrongAt(problems: readonly Wrong[], at: string, deep = false): string | null {
  const here = problems.filter((each) => each.at === at || (deep && each.at.startsWith(`${at}.`)));
  return here.length === 0 ? null : here.map(({ says }) => says).join("; ");
}
