/** @jsxImportSource preact */
// Where the customer writes: Enter sends, Shift+Enter breaks the line; a phone's Enter breaks the line, too.
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useSetting } from "./context";
import { SendIcon } from "./Icons";
import { useStore } from "./useStore";

const WARN_AT = 300;

export function Composer({ isVisible }: { isVisible: boolean }): JSX.Element {
  const { chat, words } = useSetting();
  const { textChars } = useStore(chat.state);
  const [text, setText] = useState(() => chat.draftText);
  const field = useRef<HTMLTextAreaElement>(null);
  const left = textChars - [...text].length;
  const canSend = text.trim() !== "" && left >= 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text decides the height
  useLayoutEffect(() => grow(field.current), [text]);
  useEffect(() => {
    if (isVisible && !isTouch()) field.current?.focus();
  }, [isVisible]);

  const write = (value: string): void => {
    setText(value);
    chat.draftText = value;
    chat.types(value.trim() !== "");
  };
  const send = (): void => {
    if (!canSend || !chat.say(text)) return;
    setText("");
    chat.draftText = "";
    field.current?.focus();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {left < WARN_AT && (
        <p class={`count ${left < 0 ? "over" : ""}`} role="status">
          {left < 0 ? words.tooLong(-left) : words.charactersLeft(left)}
        </p>
      )}
      <div class="field">
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          data-testid="composer"
          aria-label={words.write}
          placeholder={words.write}
          value={text}
          enterkeyhint="send"
          onInput={(event) => write(event.currentTarget.value)}
          onBlur={() => chat.types(false)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing || isTouch()) return;
            event.preventDefault();
            send();
          }}
        />
        <button type="submit" class="send" data-testid="send" aria-label={words.send} disabled={!canSend}>
          <SendIcon />
        </button>
      </div>
    </form>
  );
}

function grow(field: HTMLTextAreaElement | null): void {
  if (field === null) return;
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 132)}px`;
}

const isTouch = (): boolean => matchMedia("(hover: none) and (pointer: coarse)").matches;
