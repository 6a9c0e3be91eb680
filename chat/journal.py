"""The only door by which messages enter PostgreSQL: customers', agents', the bot's and the desk's own.

A batch is two statements in one transaction: LOCK takes the conversations' row locks in the order of their ids, POST
judges each row under them, numbers what is new without gaps, stores it, and sets deadline and routing outbox. The
second statement's snapshot is taken after the locks are held, so what it reads is what is true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from chat.errors import ChatError, ClientIdReused, ConversationClosed, NotAssigned, NotFound, Stale
from chat.facts import MessagePosted
from chat.protocol import Author, AuthorKind, Message, Source
from supportdesk import bus
from supportdesk.clock import now

if TYPE_CHECKING:
    from chat.models import Conversation

LOCK = "SELECT id FROM chat_conversation WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"

POST = """
WITH post AS (
  SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::jsonb[])
    WITH ORDINALITY AS p(conversation_id, author_kind, author_id, author_name, client_id, text, notice, sources, n)
), held AS (
  SELECT c.*, i.bot_turn_s, i.reply_s, i.idle_s FROM chat_conversation c JOIN chat_inbox i ON i.id = c.inbox_id
  WHERE c.id IN (SELECT conversation_id FROM post)
), judged AS (
  SELECT p.*, m.seq AS old_seq, m.text AS old_text, m.posted_at AS old_posted_at, c.last_seq,
    CASE
      WHEN c.id IS NULL THEN 'not_found'
      WHEN p.author_kind = 'customer' AND c.customer_id::text <> p.author_id THEN 'not_found'
      WHEN m.id IS NOT NULL THEN 'again'
      WHEN p.author_kind = 'system' THEN NULL
      WHEN c.state = 'closed' THEN 'closed'
      WHEN p.author_kind = 'agent' AND (c.state <> 'assigned' OR c.agent_id::text <> p.author_id) THEN 'not_assigned'
      WHEN p.author_kind = 'bot' AND c.state <> 'bot' THEN 'stale'
    END AS verdict
  FROM post p
  LEFT JOIN held c ON c.id = p.conversation_id
  LEFT JOIN chat_message m ON m.conversation_id = p.conversation_id AND m.author_kind = p.author_kind
    AND m.client_id = p.client_id
), fresh AS (
  SELECT DISTINCT ON (conversation_id, author_kind, client_id) * FROM judged WHERE verdict IS NULL
  ORDER BY conversation_id, author_kind, client_id, n
), numbered AS (
  SELECT *, last_seq + row_number() OVER (PARTITION BY conversation_id ORDER BY n) AS seq FROM fresh
), stored AS (
  INSERT INTO chat_message
    (conversation_id, seq, author_kind, author_id, author_name, client_id, text, notice, sources, posted_at)
  SELECT conversation_id, seq, author_kind, author_id, author_name, client_id, text, notice, sources, %s FROM numbered
  RETURNING conversation_id, seq, author_kind, client_id, text, posted_at
), tally AS (
  SELECT conversation_id, max(seq) AS last_seq, max(seq) FILTER (WHERE author_kind = 'customer') AS customer_seq,
    max(seq) FILTER (WHERE author_kind = 'agent') AS agent_seq, max(seq) FILTER (WHERE author_kind = 'bot') AS bot_seq
  FROM stored GROUP BY conversation_id
), moved AS (
  UPDATE chat_conversation c SET
    last_seq = t.last_seq,
    last_message_at = %s,
    to_route_seq = CASE WHEN c.state = 'bot' AND t.customer_seq IS NOT NULL THEN t.customer_seq ELSE c.to_route_seq END,
    to_route_since = CASE WHEN c.state = 'bot' AND t.customer_seq IS NOT NULL THEN
      CASE WHEN c.to_route_seq > c.routed_seq THEN c.to_route_since ELSE %s END ELSE c.to_route_since END,
    unanswered = CASE
      WHEN t.customer_seq > coalesce(greatest(t.agent_seq, t.bot_seq), 0) THEN true
      WHEN coalesce(t.agent_seq, t.bot_seq) IS NOT NULL THEN false
      ELSE c.unanswered END,
    replied = c.replied OR t.agent_seq IS NOT NULL,
    customer_read_seq = greatest(c.customer_read_seq, coalesce(t.customer_seq, 0)),
    agent_read_seq = greatest(c.agent_read_seq, coalesce(t.agent_seq, 0)),
    deadline = CASE
      WHEN c.state = 'bot' AND t.customer_seq IS NOT NULL THEN
        CASE WHEN c.to_route_seq > c.routed_seq THEN c.deadline ELSE %s + h.bot_turn_s * interval '1 s' END
      WHEN c.state = 'assigned' AND t.agent_seq IS NOT NULL AND t.agent_seq > coalesce(t.customer_seq, 0)
        THEN %s + h.idle_s * interval '1 s'
      WHEN c.state = 'assigned' AND t.customer_seq IS NOT NULL AND c.replied AND NOT c.unanswered
        THEN %s + h.reply_s * interval '1 s'
      ELSE c.deadline END
  FROM tally t JOIN held h ON h.id = t.conversation_id WHERE c.id = t.conversation_id
  RETURNING c.id, c.state
)
SELECT j.n, j.verdict, coalesce(s.seq, j.old_seq), coalesce(s.posted_at, j.old_posted_at),
  coalesce(s.text, j.old_text) = j.text, s.seq IS NOT NULL, moved.state = 'bot'
FROM judged j
LEFT JOIN stored s ON s.conversation_id = j.conversation_id AND s.author_kind = j.author_kind
  AND s.client_id = j.client_id
LEFT JOIN moved ON moved.id = j.conversation_id
ORDER BY j.n
"""

_REFUSALS: dict[str, type[ChatError]] = {
    "not_found": NotFound,
    "closed": ConversationClosed,
    "not_assigned": NotAssigned,
    "stale": Stale,
}


@dataclass(frozen=True, slots=True)
class Post:
    """A message on its way in. `client_id` is its author's; for bot and desk it names the cause."""

    conversation_id: UUID
    author: Author
    client_id: str
    text: str
    notice: str | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """The message as committed. `is_new` is False for one that was stored before (the same answer again)."""

    message: Message
    is_new: bool
    to_route: bool

    def fact(self) -> MessagePosted:
        """Told for repeated ones too: whoever repeats it may have lost the first push, and pushes apply once."""
        return MessagePosted(self.message, self.to_route and self.message.author.kind == "customer")


Outcome = Stored | ChatError


def arguments(posts: Sequence[Post]) -> tuple[list[Any], list[Any]]:
    """The parameters of LOCK and of POST."""
    moment = now()
    columns: list[Any] = [
        [p.conversation_id for p in posts],
        [p.author.kind for p in posts],
        [p.author.id for p in posts],
        [p.author.name for p in posts],
        [p.client_id for p in posts],
        [p.text for p in posts],
        [p.notice for p in posts],
        [Jsonb([s.model_dump() for s in p.sources]) for p in posts],
    ]
    return [sorted({p.conversation_id for p in posts})], columns + [moment] * 6


def outcomes(posts: Sequence[Post], rows: Sequence[Sequence[Any]]) -> list[Outcome]:
    """POST's rows as what became of each post, in the order given."""
    return [_outcome(post, *row[1:]) for post, row in zip(posts, rows, strict=True)]


def _outcome(
    post: Post, verdict: str | None, seq: int, posted_at: datetime, same: bool, stored: bool | None, routes: bool | None
) -> Outcome:
    if verdict is not None and verdict != "again":
        return _REFUSALS[verdict]()
    if not same:
        return ClientIdReused()
    message = Message(
        conversation_id=post.conversation_id,
        seq=seq,
        client_id=post.client_id,
        author=post.author,
        text=post.text,
        notice=post.notice,
        sources=list(post.sources),
        posted_at=posted_at,
    )
    return Stored(message, is_new=bool(stored) and verdict is None, to_route=bool(routes))


def write(posts: Sequence[Post]) -> list[Outcome]:
    """Stores on Django's own connection, within the caller's transaction; the facts follow its commit."""
    lock, columns = arguments(posts)
    with connection.cursor() as cursor:
        cursor.execute(LOCK, lock)
        cursor.execute(POST, columns)
        found = outcomes(posts, cursor.fetchall())
    for outcome in found:
        if isinstance(outcome, Stored):
            bus.emit(outcome.fact())
    return found


def write_one(post: Post) -> Stored:
    """Stores one message within the caller's transaction.

    Raises:
        ChatError: what refused it.
    """
    (outcome,) = write([post])
    if isinstance(outcome, ChatError):
        raise outcome
    return outcome


def author_of_desk() -> Author:
    return Author(kind="system", id=None, name="")


def author_of_bot(conversation: Conversation) -> Author:
    return Author(kind="bot", id=None, name=f"{conversation.inbox.name} assistant")


def author(kind: AuthorKind, identifier: object, name: str) -> Author:
    return Author(kind=kind, id=str(identifier), name=name)
