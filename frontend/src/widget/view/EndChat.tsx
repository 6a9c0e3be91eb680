/** @jsxImportSource preact */
// Asks once before the conversation ends: a slip of the finger must not cost a customer his place.
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useSetting } from "./context";

export function EndChat({ onDone }: { onDone: () => void }): JSX.Element {
  const { chat, words } = useSetting();
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  return (
    <section
      class="end-ask"
      role="alertdialog"
      aria-label={words.endAsk}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation(); // closes the question, not the window
        onDone();
      }}
    >
      <p>{words.endAsk}</p>
      <div class="end-choices">
        <button ref={keep} type="button" class="person-button plain" data-testid="close-chat-cancel" onClick={onDone}>
          {words.keepChatting}
        </button>
        <button
          type="button"
          class="person-button filled"
          data-testid="close-chat-confirm"
          onClick={() => {
            onDone();
            void chat.end();
          }}
        >
          {words.endChat}
        </button>
      </div>
    </section>
  );
}
