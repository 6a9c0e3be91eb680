// What every component of the widget may read: the chat, the words and the locale.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Chat } from "../chat";
import type { Words } from "../words";

export interface Setting {
  readonly chat: Chat;
  readonly words: Words;
  readonly locale: string;
  readonly isEmbedded: boolean;
  readonly onClose: () => void;
}

export const SettingContext = createContext<Setting | null>(null);

export function useSetting(): Setting {
  const setting = useContext(SettingContext);
  if (setting === null) throw new Error("Rendered outside of SettingContext.");
  return setting;
}
