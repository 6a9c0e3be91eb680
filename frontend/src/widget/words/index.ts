// The visible words in the customer's language, and what is told by a code or a number.
import type { Conversation, Message, WaitRange } from "../../protocol";
import { de } from "./de";
import { en, type Words } from "./en";
import { es } from "./es";
import { fr } from "./fr";

export type { Words };

/** Longer waits are told in hours. */
const LONG_WAIT_S = 90 * 60;
const LANGUAGES: Readonly<Record<string, Words>> = { de, en, es, fr };

export function wordsFor(locale: string): Words {
  return LANGUAGES[languageOf(locale)] ?? en;
}

const FALLBACK = "en";

/** The tag as the browser's date formats take it; some systems say `de_DE.UTF-8` or `en-US@posix`. */
export function validLocale(tag: string): string {
  const [plain = ""] = tag.split(/[@.]/);
  try {
    return Intl.getCanonicalLocales(plain.replaceAll("_", "-"))[0] ?? FALLBACK;
  } catch {
    return FALLBACK; // not a language tag at all
  }
}

export const languageOf = (locale: string): string => locale.slice(0, 2).toLowerCase();

/** How to write dates: the customer's own variety of the language (24 hours in en-GB), where the browser tells it. */
export function formatLocale(locale: string, preferred: readonly string[]): string {
  return validLocale(preferred.find((own) => languageOf(own) === languageOf(locale)) ?? locale);
}

/** A system message in the customer's language where its code is known, else as the desk wrote it. */
export function noticeText(words: Words, message: Message, conversation: Conversation | null, locale: string): string {
  const translate = message.notice === null ? undefined : words.notices[message.notice];
  if (translate === undefined || words === en) return message.text;
  return translate(nameIn(message), due(conversation, locale));
}

/** Without anybody there who suits no number is told. */
export function waitText(words: Words, wait: WaitRange | null): string {
  if (wait === null) return words.nobodyThere;
  const { low, high } = wait;
  if (high < 60) return words.waitShort;
  const [unit, say] = high > LONG_WAIT_S ? ([3600, words.waitHours] as const) : ([60, words.wait] as const);
  return say(Math.max(1, Math.round(low / unit)), Math.ceil(high / unit));
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
