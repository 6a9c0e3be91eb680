/** @jsxImportSource preact */
// The top of the chat: the shop's name, a way to end the conversation, a way to close the window.
import type { JSX } from "preact";
import { isEnded } from "../state";
import { useSetting } from "./context";
import { CloseIcon } from "./Icons";
import { useStore } from "./useStore";

export function Header(): JSX.Element {
  const { chat, words, isEmbedded, onClose } = useSetting();
  const { site, conversation } = useStore(chat.state);
  return (
    <header class="header">
      <div class="brand">
        <span class="mark" aria-hidden="true">
          {[...(site?.name ?? "")][0] ?? ""}
        </span>
        <h1 dir="auto">{site?.name ?? words.chat}</h1>
      </div>
      {conversation !== null && !isEnded(conversation) && (
        <button type="button" class="header-button text" data-testid="close-chat" onClick={() => void chat.end()}>
          {words.endChat}
        </button>
      )}
      {isEmbedded && (
        <button type="button" class="header-button" aria-label={words.close} onClick={onClose}>
          <CloseIcon />
        </button>
      )}
    </header>
  );
}
