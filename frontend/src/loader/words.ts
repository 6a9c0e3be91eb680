// The few words on the merchant's page itself; all others are in the frame.

const WORDS: Record<string, readonly [open: string, close: string, title: string, unread: string]> = {
  en: ["Open chat", "Close chat", "Chat", "unread"],
  de: ["Chat öffnen", "Chat schließen", "Chat", "ungelesen"],
  es: ["Abrir el chat", "Cerrar el chat", "Chat", "sin leer"],
  fr: ["Ouvrir le chat", "Fermer le chat", "Chat", "non lus"],
};

export function wordsFor(locale: string): readonly [open: string, close: string, title: string, unread: string] {
  const words = WORDS[locale.slice(0, 2).toLowerCase()] ?? WORDS.en;
  if (words === undefined) throw new Error("English is complete.");
  return words;
}
