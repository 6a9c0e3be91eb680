/** @jsxImportSource preact */
// After the end: one to five, then a comment if the customer likes.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { isEnded } from "../state";
import { useSetting } from "./context";
import { StarIcon } from "./Icons";
import { useStore } from "./useStore";

const SCORES = [1, 2, 3, 4, 5] as const;
const COMMENT_CHARS = 1_000;

export function Rating(): JSX.Element | null {
  const { chat, words } = useSetting();
  const { conversation } = useStore(chat.state);
  const [commented, setCommented] = useState<string | null>(null);
  if (conversation === null || !isEnded(conversation)) return null;
  const { score, id } = conversation;
  return (
    <section class="rating" data-testid="rating" aria-label={words.rate}>
      <h2>{score === null ? words.rate : words.thanks}</h2>
      <div class="stars">
        {SCORES.map((n) => (
          <button
            key={n}
            type="button"
            data-testid={`rate-${n}`}
            class={score !== null && n <= score ? "on" : ""}
            aria-pressed={score === n}
            aria-label={`${n}/5 ${words.scores[n - 1]}`}
            title={words.scores[n - 1]}
            onClick={() => void chat.rate(n, "")}
          >
            <StarIcon />
          </button>
        ))}
      </div>
      {score !== null && commented !== id && (
        <Comment
          onSend={(comment) => {
            void chat.rate(score, comment);
            setCommented(id);
          }}
        />
      )}
      <p class="again">{words.writeAgain}</p>
    </section>
  );
}

function Comment({ onSend }: { onSend: (comment: string) => void }): JSX.Element {
  const { words } = useSetting();
  const [text, setText] = useState("");
  return (
    <form
      class="comment"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") onSend(text);
      }}
    >
      <textarea
        rows={2}
        maxLength={COMMENT_CHARS}
        aria-label={words.comment}
        placeholder={words.comment}
        data-testid="rating-comment"
        value={text}
        dir="auto"
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" class="person-button" data-testid="rating-submit" disabled={text.trim() === ""}>
        {words.sendComment}
      </button>
    </form>
  );
}
