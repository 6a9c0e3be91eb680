/** @jsxImportSource preact */
// One message: whose it is, its words, its sources, and how far it has come.
import type { JSX } from "preact";
import { clockTime } from "../../ui/duration";
import { safeHref } from "../../ui/links";
import type { MessageRow } from "../rows";
import { noticeText, type Words } from "../words";
import { Avatar } from "./Avatar";
import { useSetting } from "./context";
import { DocumentIcon } from "./Icons";
import { RichText } from "./RichText";
import { useStore } from "./useStore";

export function Bubble({ row, isSeen }: { row: MessageRow; isSeen: boolean }): JSX.Element {
  const { words, locale } = useSetting();
  const attributes = { "data-testid": "message", "data-seq": row.seq ?? "", "data-author": row.author };
  if (row.author === "system") return <Notice row={row} attributes={attributes} />;
  const isTheirs = row.author !== "customer";
  return (
    <article
      {...attributes}
      data-state={row.state}
      class={`message ${row.author} ${row.isFirst ? "first" : ""} ${row.isLast ? "last" : ""} ${row.state}`}
    >
      {isTheirs && row.isFirst && (
        <p class="who">
          <Avatar kind={row.author === "bot" ? "bot" : "agent"} name={row.name} />
          <span dir="auto">{row.author === "bot" ? words.assistant : row.name}</span>
        </p>
      )}
      {!isTheirs && <span class="for-readers">{words.you}: </span>}
      <p class="bubble" dir="auto">
        <RichText text={row.text} />
      </p>
      <Sources row={row} />
      {row.state === "failed" ? <Failed row={row} /> : <Foot row={row} isSeen={isSeen} locale={locale} />}
    </article>
  );
}

function Notice({ row, attributes }: { row: MessageRow; attributes: Record<string, string | number> }): JSX.Element {
  const { chat, words, locale } = useSetting();
  const { conversation } = useStore(chat.state);
  const text = row.message === null ? row.text : noticeText(words, row.message, conversation, locale);
  return (
    <p {...attributes} data-state="sent" data-notice={row.message?.notice ?? ""} class="notice" dir="auto">
      {text} <time>{clockTime(new Date(row.at), locale)}</time>
    </p>
  );
}

function Sources({ row }: { row: MessageRow }): JSX.Element | null {
  const { words } = useSetting();
  const sources = row.message?.sources ?? [];
  if (sources.length === 0) return null;
  return (
    <ul class="sources" aria-label={words.sources}>
      {sources.map((source) => {
        const href = safeHref(new URL(source.url, location.href).href);
        return (
          <li key={source.article_id}>
            <a
              data-testid="source-link"
              {...(href === null ? {} : { href })}
              target="_blank"
              rel="noopener noreferrer"
              dir="auto"
            >
              <DocumentIcon />
              <span>{source.title}</span>
            </a>
          </li>
        );
      })}
    </ul>
  );
}

function Foot({ row, isSeen, locale }: { row: MessageRow; isSeen: boolean; locale: string }): JSX.Element | null {
  const { chat, words } = useSetting();
  const { state } = useStore(chat.client.connection);
  if (row.state === "pending") {
    return <p class="foot">{state === "online" ? words.sending : words.waitingToSend}</p>;
  }
  if (!row.isLast && !isSeen) return null;
  return (
    <p class="foot">
      <time>{clockTime(new Date(row.at), locale)}</time>
      {isSeen && <span class="seen"> · {words.seen}</span>}
    </p>
  );
}

function Failed({ row }: { row: MessageRow }): JSX.Element {
  const { chat, words } = useSetting();
  return (
    <p class="foot failure" role="alert">
      <span>{words.notSent(whyOf(row, words))}</span>
      <button type="button" class="link" onClick={() => chat.client.retry(row.key)}>
        {words.tryAgain}
      </button>
      <button type="button" class="link" onClick={() => chat.client.outbox.discard(row.key)}>
        {words.remove}
      </button>
    </p>
  );
}

function whyOf(row: MessageRow, words: Words): string {
  const problem = row.draft?.problem;
  if (problem === "stale") return words.why.stale;
  if (problem === "text_too_long") return words.why.tooLong;
  return problem === "conversation_closed" ? words.why.closed : words.why.other;
}
