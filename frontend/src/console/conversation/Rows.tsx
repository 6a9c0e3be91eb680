// The kinds of rows in a timeline: day, system line, message, note, and a message on its way.
import { Button, Loader } from "@mantine/core";
import { IconAlertCircle, IconChecks, IconEar, IconFileText, IconLock, IconMail, IconRobot } from "@tabler/icons-react";
import type { Message, Note, Source } from "../../protocol";
import { clockTime, dayName } from "../../ui/duration";
import { safeHref } from "../../ui/links";
import { HANDOFF_NOTICES } from "../desk/explanation";
import type { Pending } from "../desk/room";
import { byMail, personName } from "../desk/words";
import { RichText } from "./RichText";
import styles from "./timeline.module.css";
import { Why } from "./Why";

export function DayRow({ at, now }: { at: Date; now: number }) {
  return (
    <li className={styles.day}>
      <span>{dayName(at, now)}</span>
    </li>
  );
}

export function SystemRow({ message }: { message: Message }) {
  return (
    <li className={styles.system} data-testid="message" data-seq={message.seq} data-author="system">
      <span dir="auto">{message.text}</span>{" "}
      <time dateTime={message.posted_at}>{clockTime(new Date(message.posted_at))}</time>
      {message.notice !== null && HANDOFF_NOTICES.has(message.notice) && (
        <Why conversation={message.conversation_id} seq={message.seq} />
      )}
    </li>
  );
}

interface MessageRowProps {
  message: Message;
  isFirst: boolean;
  isLast: boolean;
  isRouted: boolean;
  isSeen: boolean;
  isMailed: boolean;
}

export function MessageRow({ message, isFirst, isLast, isRouted, isSeen, isMailed }: MessageRowProps) {
  const { author, seq, sources, posted_at, text } = message;
  const isExplained = author.kind === "bot" || (author.kind === "customer" && isLast && isRouted);
  const cameBy = byMail(message);
  return (
    <li
      className={styles.row}
      data-author={author.kind}
      data-first={isFirst}
      data-seq={seq}
      data-state="sent"
      data-testid="message"
    >
      {isFirst && (
        <span className={styles.author} dir="auto">
          {author.kind === "bot" && <IconRobot size={14} aria-hidden="true" />}
          {author.kind === "bot" ? author.name || "Bot" : personName(author.name)}
        </span>
      )}
      <div className={styles.bubble} dir="auto">
        <RichText text={text} />
        <Sources sources={sources} />
      </div>
      {(isLast || isSeen || isMailed || isExplained || cameBy !== null) && (
        <span className={styles.meta}>
          <time dateTime={posted_at} title={new Date(posted_at).toLocaleString()}>
            {clockTime(new Date(posted_at))}
          </time>
          {isExplained && <Why conversation={message.conversation_id} seq={seq} />}
          {cameBy !== null && (
            <span className={styles.seen} data-testid="by-mail" data-verified={cameBy.isVerified}>
              {cameBy.isVerified ? (
                <IconMail size={14} aria-hidden="true" />
              ) : (
                <IconAlertCircle size={14} aria-hidden="true" />
              )}{" "}
              {cameBy.isVerified ? "By e-mail" : "By e-mail, sender not verified"}
            </span>
          )}
          {isMailed && (
            <span className={styles.seen} data-testid="mailed">
              <IconMail size={14} aria-hidden="true" /> Sent by e-mail
            </span>
          )}
          {isSeen && (
            <span className={styles.seen}>
              <IconChecks size={14} aria-hidden="true" /> Seen
            </span>
          )}
        </span>
      )}
    </li>
  );
}

export function Sources({ sources }: { sources: readonly Source[] }) {
  if (sources.length === 0) return null;
  return (
    <span className={styles.sources}>
      {sources.map(({ article_id, title, url }) => {
        const href = safeHref(new URL(url || "/", window.location.href).href);
        return url !== "" && href !== null ? (
          <a key={article_id} href={href} target="_blank" rel="noopener noreferrer" data-testid="source-link">
            <IconFileText size={13} aria-hidden="true" /> {title}
          </a>
        ) : (
          <span key={article_id}>
            <IconFileText size={13} aria-hidden="true" /> {title}
          </span>
        );
      })}
    </span>
  );
}

export function NoteRow({ note }: { note: Note }) {
  return (
    <li className={styles.note} data-testid="note" data-whisper={note.whisper}>
      <span className={styles.author} dir="auto">
        {note.whisper ? <IconEar size={14} aria-hidden="true" /> : <IconLock size={13} aria-hidden="true" />}
        {note.whisper ? "Whisper" : "Note"} by {note.author.name}
        <time dateTime={note.posted_at}>{clockTime(new Date(note.posted_at))}</time>
      </span>
      <div dir="auto">
        <RichText text={note.text} />
      </div>
    </li>
  );
}

export function PendingRow({
  pending,
  onRetry,
  onDiscard,
}: {
  pending: Pending;
  onRetry: () => void;
  onDiscard: () => void;
}) {
  const hasFailed = pending.state === "failed";
  return (
    <li className={styles.row} data-author="agent" data-state={pending.state} data-testid="message" data-first="true">
      <div className={styles.bubble} dir="auto">
        <RichText text={pending.text} />
      </div>
      {hasFailed ? (
        <span className={styles.failed} role="alert">
          <span>
            <IconAlertCircle size={14} aria-hidden="true" /> Not sent. {pending.problem}
          </span>
          <Button size="compact-xs" variant="light" onClick={onRetry}>
            Send again
          </Button>
          <Button size="compact-xs" variant="subtle" color="gray" onClick={onDiscard}>
            Discard
          </Button>
        </span>
      ) : (
        pending.state === "pending" && (
          <span className={styles.meta}>
            <Loader size={10} color="gray" /> Sending
          </span>
        )
      )}
    </li>
  );
}
