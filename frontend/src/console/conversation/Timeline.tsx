// The scrolling timeline: stays at the newest message unless the agent reads further up; marks what was seen as read.
import { Button, Skeleton, Stack } from "@mantine/core";
import { IconArrowDown } from "@tabler/icons-react";
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { DeskConversation } from "../../protocol";
import { type Entry, timelineEntries } from "../desk/entries";
import { useNow } from "../desk/now";
import type { Room } from "../desk/room";
import { personName } from "../desk/words";
import { DayRow, MessageRow, NoteRow, PendingRow, SystemRow } from "./Rows";
import styles from "./timeline.module.css";

interface Props {
  room: Room;
  conversation: DeskConversation;
  onRetry: (clientId: string) => void;
  onDiscard: (clientId: string) => void;
}

export function Timeline({ room, conversation, onRetry, onDiscard }: Props) {
  const entries = useMemo(() => timelineEntries(room), [room]);
  const scroller = useRef<HTMLElement>(null);
  const { isAtEnd, jump } = useStickToEnd(scroller, entries);
  const now = useNow("minute");
  const seenSeq = lastSeen(entries, conversation.customer_read_seq);
  const mailedSeq = lastSeen(entries, conversation.mailed_seq);
  return (
    <section
      className={styles.scroll}
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label="Timeline"
      data-testid="timeline"
    >
      <div className={styles.content}>
        {room.status === "loading" && room.messages.length === 0 ? (
          <LoadingRows />
        ) : (
          <ol className={styles.rows} aria-live="polite" aria-relevant="additions">
            {/* biome-ignore lint/suspicious/useIterableCallbackReturn: every kind of entry has its case */}
            {entries.map((entry) => {
              switch (entry.kind) {
                case "day":
                  return <DayRow key={entry.key} at={entry.at} now={now} />;
                case "system":
                  return <SystemRow key={entry.key} message={entry.message} />;
                case "note":
                  return <NoteRow key={entry.key} note={entry.note} />;
                case "pending":
                  return (
                    <PendingRow
                      key={entry.key}
                      pending={entry.pending}
                      onRetry={() => onRetry(entry.pending.clientId)}
                      onDiscard={() => onDiscard(entry.pending.clientId)}
                    />
                  );
                case "message":
                  return (
                    <MessageRow
                      {...entry}
                      key={entry.key}
                      isSeen={entry.message.seq === seenSeq}
                      isMailed={entry.message.seq === mailedSeq && conversation.mail_problem === ""}
                    />
                  );
              }
            })}
          </ol>
        )}
        <div className={styles.typing} aria-live="polite">
          {room.typing !== null && (
            <span data-testid="typing">
              <span className={styles.dots} aria-hidden="true">
                <i />
                <i />
                <i />
              </span>{" "}
              {personName(room.typing.name)} is typing
            </span>
          )}
        </div>
      </div>
      {!isAtEnd && (
        <div style={{ position: "sticky", bottom: 12, height: 0 }}>
          <Button
            className={styles.jump ?? ""}
            size="xs"
            radius="xl"
            variant="default"
            leftSection={<IconArrowDown size={14} />}
            onClick={jump}
          >
            Latest messages
          </Button>
        </div>
      )}
    </section>
  );
}

function LoadingRows() {
  return (
    <Stack gap="md" aria-label="Loading messages" aria-busy="true">
      <Skeleton height={44} width="52%" radius="lg" />
      <Skeleton height={64} width="60%" radius="lg" />
      <Skeleton height={44} width="44%" radius="lg" style={{ alignSelf: "flex-end" }} />
    </Stack>
  );
}

/** The newest message of our side that the customer has read, or that was mailed, carries the mark. */
function lastSeen(entries: readonly Entry[], readSeq: number): number | null {
  const seen = entries.findLast(
    (e) => e.kind === "message" && e.message.author.kind === "agent" && e.message.seq <= readSeq,
  );
  return seen?.kind === "message" ? seen.message.seq : null;
}

const NEAR_END_PX = 80;

function useStickToEnd(scroller: RefObject<HTMLElement | null>, entries: readonly Entry[]) {
  const [isAtEnd, setAtEnd] = useState(true);
  const sticks = useRef(true);
  const toEnd = () => scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const onScroll = () => {
      sticks.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
      setAtEnd(sticks.current);
    };
    const resized = new ResizeObserver(() => sticks.current && toEnd());
    resized.observe(element);
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener("scroll", onScroll);
    };
  });
  useLayoutEffect(() => {
    const wroteMyself = entries.at(-1)?.kind === "pending";
    if (sticks.current || wroteMyself) toEnd();
  });
  return { isAtEnd, jump: toEnd };
}
