"""The only door by which messages enter PostgreSQL: customers', agents', the bot's and the desk's own.

A batch is one statement, POST: it takes the conversations' row locks in the order of their ids, judges each post by
the rows as locked, numbers what is new without gaps, stores it, and sets deadline and routing outbox. Its snapshot is
older than its locks: a message that another process stored meanwhile under the same client_id is not seen, the unique
constraint refuses the batch, and the writer tries it again. `write` has a transaction around it and locks beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from chat.entries import Entry, From, Receipt, Who
from chat.errors import ChatError, ClientIdReused, ConversationClosed, NotAssigned, NotFound, Stale
from chat.facts import MessagePosted
from chat.protocol import AuthorKind, Source
from supportdesk import bus, planned
from supportdesk.clock import now

LOCK = "SELECT id FROM chat_conversation WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE"

POST = """
WITH post AS MATERIALIZED (
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
    WITH ORDINALITY AS p(conversation_id, author_kind, author_id, author_name, client_id, text, notice, sources, n)
), held AS MATERIALIZED (
  SELECT c.id, c.state, c.customer_id, c.agent_id, c.beside, c.last_seq, i.bot_turn_s, i.reply_s, i.idle_s
  FROM chat_conversation c JOIN chat_inbox i ON i.id = c.inbox_id
  WHERE c.id = ANY($9::uuid[]) ORDER BY c.id FOR NO KEY UPDATE OF c
), judged AS MATERIALIZED (
  SELECT p.*, c.state, c.last_seq, m.seq AS old_seq, m.posted_at AS old_posted_at, m.text = p.text AS same,
    CASE
      WHEN c.id IS NULL THEN 'not_found'
      WHEN p.author_kind = 'customer' AND c.customer_id::text <> p.author_id THEN 'not_found'
      WHEN m.seq IS NOT NULL THEN 'again'
      WHEN p.author_kind = 'system' THEN NULL
      WHEN c.state = 'closed' THEN 'closed'
      WHEN p.author_kind = 'agent' AND (c.state <> 'assigned'
        OR p.author_id <> ALL (c.agent_id::text || c.beside::text[])) THEN 'not_assigned'
      WHEN p.author_kind = 'bot' AND c.state <> 'bot' THEN 'stale'
    END AS verdict
  FROM post p
  LEFT JOIN held c ON c.id = p.conversation_id
  LEFT JOIN chat_message m ON m.conversation_id = p.conversation_id AND m.author_kind = p.author_kind
    AND m.client_id = p.client_id
), numbered AS MATERIALIZED (
  SELECT *, last_seq + count(*) FILTER (WHERE verdict IS NULL) OVER (PARTITION BY conversation_id ORDER BY n) AS seq
  FROM judged
), stored AS (
  INSERT INTO chat_message
    (conversation_id, seq, author_kind, author_id, author_name, client_id, text, notice, sources, posted_at)
  SELECT conversation_id, seq, author_kind, author_id, author_name, client_id, text, notice, sources::jsonb,
    $10::timestamptz
  FROM numbered WHERE verdict IS NULL
), tally AS (
  SELECT conversation_id, max(seq) AS last_seq, max(seq) FILTER (WHERE author_kind = 'customer') AS customer_seq,
    max(seq) FILTER (WHERE author_kind = 'agent') AS agent_seq, max(seq) FILTER (WHERE author_kind = 'bot') AS bot_seq
  FROM numbered WHERE verdict IS NULL GROUP BY conversation_id
), moved AS (
  UPDATE chat_conversation c SET
    last_seq = t.last_seq,
    last_message_at = $10,
    to_route_seq = CASE WHEN c.state = 'bot' AND t.customer_seq IS NOT NULL THEN t.customer_seq ELSE c.to_route_seq END,
    to_route_since = CASE WHEN c.state = 'bot' AND t.customer_seq IS NOT NULL THEN
      CASE WHEN c.to_route_seq > c.routed_seq THEN c.to_route_since ELSE $10 END ELSE c.to_route_since END,
    unanswered = CASE
      WHEN t.customer_seq > coalesce(greatest(t.agent_seq, t.bot_seq), 0) THEN true
      WHEN coalesce(t.agent_seq, t.bot_seq) IS NOT NULL THEN false
      ELSE c.unanswered END,
    replied = c.replied OR t.agent_seq IS NOT NULL,
    customer_read_seq = greatest(c.customer_read_seq, coalesce(t.customer_seq, 0)),
    agent_read_seq = greatest(c.agent_read_seq, coalesce(t.agent_seq, 0)),
    deadline = CASE
      WHEN c.state = 'bot' AND t.customer_seq IS NOT NULL THEN
        CASE WHEN c.to_route_seq > c.routed_seq THEN c.deadline ELSE $10 + h.bot_turn_s * interval '1 s' END
      WHEN c.state = 'assigned' AND t.agent_seq IS NOT NULL AND t.agent_seq > coalesce(t.customer_seq, 0)
        THEN $10 + h.idle_s * interval '1 s'
      WHEN c.state = 'assigned' AND t.customer_seq IS NOT NULL AND c.replied AND NOT c.unanswered
        THEN $10 + h.reply_s * interval '1 s'
      ELSE c.deadline END
  FROM tally t JOIN held h ON h.id = t.conversation_id WHERE c.id = t.conversation_id
)
SELECT verdict, coalesce(old_seq, seq), old_posted_at, same, state = 'bot' FROM numbered ORDER BY n
"""
"""$1..$8: the posts by column, $9: their conversations, $10: the moment. As asyncpg takes it."""
_REFUSALS: dict[str, type[ChatError]] = {
    "not_found": NotFound,
    "closed": ConversationClosed,
    "not_assigned": NotAssigned,
    "stale": Stale,
}


class Post(msgspec.Struct, frozen=True):
    """A message on its way in. `client_id` is its author's; for bot and desk it names the cause."""

    conversation_id: UUID
    author: Who
    client_id: str
    text: str
    notice: str | None = None
    sources: tuple[Source, ...] = ()

    @property
    def key(self) -> tuple[UUID, str, str]:
        return self.conversation_id, self.author.kind, self.client_id


class Stored(msgspec.Struct, frozen=True):
    """The message as committed. `is_new` is False for one that was stored before (the same answer again)."""

    message: Entry
    is_new: bool
    to_route: bool

    def fact(self) -> MessagePosted:
        """Told for repeated ones too: whoever repeats it may have lost the first push, and pushes apply once."""
        return MessagePosted(self.message, self.to_route and self.message.author.kind == "customer")

    def receipt(self) -> Receipt:
        message = self.message
        return Receipt(message.conversation_id, message.client_id, message.seq, message.posted_at)


Outcome = Stored | ChatError


class Batch:
    """Posts that are stored together. One that is there twice goes to PostgreSQL once."""

    def __init__(self, posts: Sequence[Post]) -> None:
        self.posts = posts
        self.moment = now()
        self._first: dict[tuple[UUID, str, str], int] = {}
        self._rows: list[Post] = []
        for post in posts:
            if self._first.setdefault(post.key, len(self._rows)) == len(self._rows):
                self._rows.append(post)

    def conversations(self) -> list[UUID]:
        return sorted({p.conversation_id for p in self._rows})

    def arguments(self) -> list[Any]:
        """POST's."""
        rows = self._rows
        return [
            [p.conversation_id for p in rows],
            [p.author.kind for p in rows],
            [p.author.id for p in rows],
            [p.author.name for p in rows],
            [p.client_id for p in rows],
            [p.text for p in rows],
            [p.notice for p in rows],
            [msgspec.json.encode(_from(p.sources)).decode() if p.sources else "[]" for p in rows],
            self.conversations(),
            self.moment,
        ]

    def outcomes(self, rows: Sequence[Sequence[Any]]) -> list[Outcome]:
        """POST's rows as what became of each post, in the order given."""
        if len(self._rows) == len(self.posts):
            return [self._outcome(post, *row) for post, row in zip(self.posts, rows, strict=True)]
        return [self._outcome_of_repeatable(post, rows) for post in self.posts]

    def _outcome_of_repeatable(self, post: Post, rows: Sequence[Sequence[Any]]) -> Outcome:
        place = self._first[post.key]
        verdict, seq, posted_at, same, routes = rows[place]
        first = self._rows[place]
        if verdict is None and post is not first:
            verdict, posted_at, same = "again", self.moment, post.text == first.text
        elif verdict == "again":
            same = same and post.text == first.text
        return self._outcome(post, verdict, seq, posted_at, same, routes)

    def _outcome(
        self, post: Post, verdict: str | None, seq: int, posted_at: datetime | None, same: bool | None, routes: bool
    ) -> Outcome:
        if verdict is not None and verdict != "again":
            return _REFUSALS[verdict]()
        if verdict == "again" and not same:
            return ClientIdReused()
        entry = Entry(
            post.conversation_id,
            seq,
            post.client_id,
            post.author,
            post.text,
            post.notice,
            _from(post.sources),
            posted_at or self.moment,
        )
        return Stored(entry, verdict is None, routes)


def _from(sources: tuple[Source, ...]) -> tuple[From, ...]:
    return tuple(From(s.article_id, s.title, s.url) for s in sources)


def write(posts: Sequence[Post]) -> list[Outcome]:
    """Stores on Django's own connection, within the caller's transaction; the facts follow its commit."""
    batch = Batch(posts)
    planned.run(LOCK, batch.conversations())
    found = batch.outcomes(planned.run(POST, *batch.arguments()))
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


def author_of_desk() -> Who:
    return Who("system", None, "")


def author_of_bot(shop: str) -> Who:
    return Who("bot", None, f"{shop} assistant")


def author(kind: AuthorKind, identifier: object, name: str) -> Who:
    return Who(kind, str(identifier), name)
