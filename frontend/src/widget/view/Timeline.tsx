/** @jsxImportSource preact */
// The conversation: keeps to its end while the reader is there, and leaves him alone while he reads above.
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { dayOf } from "../../ui/duration";
import { lastSeen, type MessageRow, rowsOf } from "../rows";
import type { Words } from "../words";
import { Bubble } from "./Bubble";
import { useSetting } from "./context";
import { Rating } from "./Rating";
import { Typing } from "./Typing";
import { useStore } from "./useStore";

const NEAR_PX = 80;
const DAY_MS = 86_400_000;

export function Timeline({ isVisible }: { isVisible: boolean }): JSX.Element {
  const { chat, words, locale } = useSetting();
  const { site, conversation, typing } = useStore(chat.state);
  const { timeline } = useStore(chat.followed);
  const drafts = useStore(chat.client.outbox.drafts);
  const rows = rowsOf(timeline, drafts);
  const seen = lastSeen(timeline, conversation?.agent_read_seq ?? 0);
  const lastRow = rows.findLast((row): row is MessageRow => row.kind === "message") ?? null;
  const { box, isAtEnd, toEnd } = useEnd(
    [rows.length, conversation?.state, conversation?.score, typing !== null, isVisible],
    lastRow,
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: a read mark that came back smaller is told again
  useEffect(() => {
    const last = timeline.at(-1)?.seq ?? 0;
    if (isVisible && isAtEnd && last > 0 && document.visibilityState === "visible") chat.seen(last);
  }, [timeline, isVisible, isAtEnd, conversation?.customer_read_seq]);

  return (
    <div class="timeline-frame">
      <div
        class="timeline"
        ref={box}
        role="log"
        aria-label={words.timeline}
        data-testid="timeline"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
      >
        {site !== null && (
          <div class="greeting">
            <span class="mark big" aria-hidden="true">
              {[...site.name][0]}
            </span>
            <p dir="auto">{site.greeting}</p>
          </div>
        )}
        {rows.map((row) =>
          row.kind === "day" ? (
            <p class="day" key={row.key}>
              <span>{dayName(row.at, words, locale)}</span>
            </p>
          ) : (
            <Bubble
              key={row.key}
              row={row}
              isSeen={row.seq !== null && row.author === "customer" && row.seq === seen}
            />
          ),
        )}
        <Typing last={lastRow} />
        <Rating />
      </div>
      {!isAtEnd && (
        <button type="button" class="to-end" onClick={toEnd}>
          ↓ {words.newMessages}
        </button>
      )}
    </div>
  );
}

function dayName(at: number, words: Words, locale: string): string {
  const day = dayOf(new Date(at));
  if (day === dayOf(new Date())) return words.today;
  if (day === dayOf(new Date(Date.now() - DAY_MS))) return words.yesterday;
  return new Date(at).toLocaleDateString(locale, { weekday: "long", day: "numeric", month: "long" });
}

/** Follows the end when something is added there; the reader's own message always leads to the end. */
function useEnd(changes: readonly unknown[], last: MessageRow | null) {
  const box = useRef<HTMLDivElement>(null);
  const isNear = useRef(true);
  const [isAtEnd, setAtEnd] = useState(true);
  const toEnd = (): void => {
    const el = box.current;
    if (el !== null) el.scrollTop = el.scrollHeight;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: listens once; what it uses are refs
  useEffect(() => {
    const el = box.current;
    if (el === null) return;
    const look = (): void => {
      isNear.current = el.scrollHeight - el.scrollTop - el.clientHeight < NEAR_PX;
      setAtEnd(isNear.current);
    };
    const follow = (): void => {
      if (isNear.current) toEnd();
    };
    const observer = new ResizeObserver(follow);
    observer.observe(el);
    el.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      el.removeEventListener("scroll", look);
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller says what counts as a change
  useLayoutEffect(() => {
    if (isNear.current || last?.state === "pending") toEnd();
    else if (box.current !== null) setAtEnd(false);
  }, [...changes, last?.key]);
  return { box, isAtEnd, toEnd };
}
