// Topics that only people answer: their rules, trying a sentence on them, versions. For supervisors, over REST.
import { ask, type Wrong } from "./session";

export interface ShippedRule {
  rule: string;
  mark: string;
  pattern: string;
  is_off: boolean;
}

/** Null: as shipped. */
export interface TopicChange {
  about: string | null;
  skills: string[] | null;
  priority: number | null;
  is_off: boolean;
  dropped: string[];
  own: Record<string, string[]>;
}

export interface Topic {
  name: string;
  about: string;
  skills: string[];
  priority: number;
  is_own: boolean;
  is_changed: boolean;
  is_off: boolean;
  shipped: Record<string, ShippedRule[]>;
  change: TopicChange;
}

export interface TopicVersion {
  version: number;
  what: string;
  by: string | null;
  at: string;
}

export interface Topics {
  version: number;
  languages: string[];
  items: Topic[];
  versions: TopicVersion[];
}

export interface Draft {
  topic: string;
  change: TopicChange;
}

export interface Taken {
  topic: string;
  about: string;
  rule: string;
  language: string;
  line: string;
  is_own: boolean;
  words: string;
}

export interface Tried {
  found: Taken | null;
  messages: number;
  newly: number;
  no_more: number;
  samples: string[];
}

const URL = "/api/v1/human-only";

export const topics = () => ask<Topics>("GET", `${URL}/`);
export const saveTopic = (name: string, version: number, change: TopicChange) =>
  ask<Topics>("PUT", `${URL}/topics/${name}/`, { version, ...change });
export const resetTopic = (name: string) => ask<Topics>("DELETE", `${URL}/topics/${name}/`);
export const restoreTopics = (version: number, to: number) => ask<Topics>("POST", `${URL}/restore/`, { version, to });
export const tryTopics = (text: string, draft: Draft | null) =>
  ask<Tried>("POST", `${URL}/try/`, draft === null ? { text } : { text, ...draft });

/** "a death" -> "A death". */
export const titleOf = ({ about }: Topic) => about.charAt(0).toUpperCase() + about.slice(1);

/** "Gift cards, 2" -> "gift_cards_2": what decisions call it. */
export function nameOf(about: string): string {
  const plain = about
    .normalize("NFKD")
    .replaceAll(/\p{M}+/gu, "")
    .toLowerCase();
  const name = plain.replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^[^a-z]+|_+$/g, "");
  return name.slice(0, 40) || "own_topic";
}

/** How many rules a topic has that count, shipped and own. */
export function countOf(topic: Topic): { shipped: number; own: number } {
  const shipped = Object.values(topic.shipped).flat();
  const own = Object.values(topic.change.own).flat();
  return {
    shipped: shipped.filter(({ is_off }) => !is_off).length,
    own: own.filter((line) => line.trim() !== "").length,
  };
}

/** What is wrong in one language, line by line; null where nothing is. */
export function wrongIn(problems: readonly Wrong[], language: string): string | null {
  const own = problems.filter(({ at }) => at.startsWith(`${language}.`));
  return own.length === 0 ? null : own.map(({ at, says }) => `Line ${at.split(".")[1]}: ${says}`).join("; ");
}
