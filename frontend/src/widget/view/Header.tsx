/** @jsxImportSource preact */
// The top of the chat: the shop's name, a way to end the conversation, a way to close the window.
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { isEnded } from "../state";
import { useSetting } from "./context";
import { EndChat } from "./EndChat";
import { CloseIcon } from "./Icons";
import { useStore } from "./useStore";

export function Header(): JSX.Element {
  const { chat, words, isEmbedded, onClose } = useSetting();
  const { site, conversation } = useStore(chat.state);
  const [isAsking, setAsking] = useState(false);
  const ending = useRef<HTMLButtonElement>(null);
  const canEnd = conversation !== null && !isEnded(conversation);
  const answered = (): void => {
    setAsking(false);
    ending.current?.focus();
  };
  return (
    <>
      <header class="header">
        <div class="brand">
          <span class="mark" aria-hidden="true">
            {[...(site?.name ?? "")][0] ?? ""}
          </span>
          <h1 dir="auto">{site?.name ?? words.chat}</h1>
        </div>
        {canEnd && (
          <button
            ref={ending}
            type="button"
            class="header-button text"
            data-testid="close-chat"
            aria-expanded={isAsking}
            onClick={() => setAsking(!isAsking)}
          >
            {words.endChat}
          </button>
        )}
        {isEmbedded && (
          <button type="button" class="header-button" aria-label={words.close} onClick={onClose}>
            <CloseIcon />
          </button>
        )}
      </header>
      {canEnd && isAsking && <EndChat onDone={answered} />}
    </>
  );
}
