// The visible words in the customer's language, and what is told by a code or a number.
import type { Conversation, Message, WaitRange } from "../../protocol";
import { de } from "./de";
import { en, type Words } from "./en";
import { es } from "./es";
import { fr } from "./fr";

export type { Words };

const LANGUAGES: Readonly<Record<string, Words>> = { de, en, es, fr };

export function wordsFor(locale: string): Words {
  return LANGUAGES[languageOf(locale)] ?? en;
}

export const languageOf = (locale: string): string => locale.slice(0, 2).toLowerCase();

/** A system message in the customer's language where its code is known, else as the desk wrote it. */
export function noticeText(words: Words, message: Message, conversation: Conversation | null, locale: string): string {
  const translate = message.notice === null ? undefined : words.notices[message.notice];
  if (translate === undefined || words === en) return message.text;
  return translate(nameIn(message), due(conversation, locale));
}

export function waitText(words: Words, { low, high }: WaitRange): string {
  const minutes = Math.ceil(high / 60);
  return high < 60 ? words.waitShort : words.wait(Math.max(1, Math.round(low / 60)), minutes);
}

export function due(conversation: Conversation | null, locale: string): string {
  const at = conversation?.callback_due ?? null;
  if (at === null) return "";
  return new Date(at).toLocaleString(locale, { weekday: "long", hour: "2-digit", minute: "2-digit" });
}

/** The notice's English text starts with the agent's name. */
function nameIn(message: Message): string {
  return / (has|lost) /.test(message.text) ? (message.text.split(/ (?:has|lost) /)[0] ?? "") : message.author.name;
}
