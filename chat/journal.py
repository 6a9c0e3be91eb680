"""The only door by which messages enter PostgreSQL: customers', agents', the bot's and the desk's own.

A batch is one statement, STORE: it takes the conversations' row locks in the order of their ids, and where all of a
conversation's posts may be there it numbers them without gaps, stores them and sets deadline and routing outbox. It
does not look for what was stored before: a repeated client_id breaks the unique constraint, and nothing of the batch
is stored. What STORE has left is judged, post by post, by JUDGE: refused, stored before, or to be tried again. `write`
has a transaction around it, so it locks and judges beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from chat.entries import Entry, From, Receipt, Who
from chat.errors import Busy, ChatError, ClientIdReused, ConversationClosed, NotAssigned, NotFound, Stale
from chat.facts import MessagePosted
from chat.protocol import AuthorKind, Source
from supportdesk import bus, planned
from supportdesk.clock import now

LOCK = "SELECT id FROM chat_conversation WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE"

STORE = """
WITH moved AS (
  UPDATE chat_conversation c SET
    last_seq = c.last_seq + a.posts,
    last_message_at = $8::timestamptz,
    to_route_seq = CASE WHEN c.state = 'bot' AND a.customer_at IS NOT NULL THEN c.last_seq + a.customer_at
      ELSE c.to_route_seq END,
    to_route_since = CASE WHEN c.state = 'bot' AND a.customer_at IS NOT NULL AND c.to_route_seq <= c.routed_seq THEN $8
      ELSE c.to_route_since END,
    unanswered = CASE
      WHEN a.customer_at > coalesce(greatest(a.agent_at, a.bot_at), 0) THEN true
      WHEN coalesce(a.agent_at, a.bot_at) IS NOT NULL THEN false
      ELSE c.unanswered END,
    replied = c.replied OR a.agent_at IS NOT NULL,
    customer_read_seq = greatest(c.customer_read_seq, c.last_seq + a.customer_at),
    agent_read_seq = greatest(c.agent_read_seq, c.last_seq + a.agent_at),
    deadline = CASE
      WHEN c.state = 'bot' AND a.customer_at IS NOT NULL AND c.to_route_seq <= c.routed_seq
        OR c.state = 'assigned' AND (a.agent_at > coalesce(a.customer_at, 0)
          OR a.customer_at IS NOT NULL AND c.replied AND NOT c.unanswered)
      THEN $8 + interval '1 s' * (SELECT CASE
        WHEN c.state = 'bot' THEN i.bot_turn_s
        WHEN a.agent_at > coalesce(a.customer_at, 0) THEN i.idle_s
        ELSE i.reply_s END FROM chat_inbox i WHERE i.id = c.inbox_id)
      ELSE c.deadline END
  FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::int[], $6::text[], $7::text[])
    AS a(id, posts, customer_at, agent_at, bot_at, customer, agents)
  WHERE c.id = a.id
    AND (a.customer IS NULL OR c.customer_id::text = a.customer)
    AND (c.state <> 'closed' OR coalesce(a.customer_at, a.agent_at, a.bot_at) IS NULL)
    AND (a.bot_at IS NULL OR c.state = 'bot')
    AND (a.agents IS NULL OR c.state = 'assigned'
      AND string_to_array(a.agents, ',') <@ (c.agent_id::text || c.beside::text[]))
  RETURNING c.id, c.last_seq - a.posts AS before, c.state = 'bot' AS routes
), stored AS (
  INSERT INTO chat_message
    (conversation_id, seq, author_kind, author_id, author_name, client_id, text, notice, sources, posted_at)
  SELECT p.conversation_id, m.before + p.place, p.author_kind, p.author_id, p.author_name, p.client_id, p.text,
    p.notice, p.sources::jsonb, $8
  FROM unnest($9::uuid[], $10::int[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[],
    $17::text[])
    AS p(conversation_id, place, author_kind, author_id, author_name, client_id, text, notice, sources)
  JOIN moved m ON m.id = p.conversation_id
)
SELECT id, before, routes FROM moved
"""
"""As asyncpg takes it. $1..$7: the conversations by column, in the order of ids, which is the order of the locks: a
nested loop follows it, and a test holds the plan to that (else PostgreSQL would end a deadlock, and posts be tried
alone). $8: the moment, $9..$17: the posts by column."""

JUDGE = """
SELECT CASE
    WHEN c.id IS NULL OR p.author_kind = 'customer' AND c.customer_id::text <> p.author_id THEN 'not_found'
    WHEN m.seq IS NOT NULL THEN 'again'
    WHEN p.author_kind = 'system' THEN NULL
    WHEN c.state = 'closed' THEN 'closed'
    WHEN p.author_kind = 'agent' AND (c.state <> 'assigned'
      OR p.author_id <> ALL (c.agent_id::text || c.beside::text[])) THEN 'not_assigned'
    WHEN p.author_kind = 'bot' AND c.state <> 'bot' THEN 'stale'
  END AS verdict, m.seq, m.posted_at, m.text = p.text, c.state = 'bot'
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
  WITH ORDINALITY AS p(conversation_id, author_kind, author_id, client_id, text, n)
LEFT JOIN chat_conversation c ON c.id = p.conversation_id
LEFT JOIN chat_message m ON m.conversation_id = p.conversation_id AND m.author_kind = p.author_kind
  AND m.client_id = p.client_id
ORDER BY p.n
"""
"""$1..$5: the posts by column. A verdict of NULL: it may be stored."""
_REFUSALS: dict[str, type[ChatError]] = {
    "not_found": NotFound,
    "closed": ConversationClosed,
    "not_assigned": NotAssigned,
    "stale": Stale,
}


Key = tuple[UUID, str, str]


class Post(msgspec.Struct, frozen=True):
    """A message on its way in. `client_id` is its author's; for bot and desk it names the cause."""

    conversation_id: UUID
    author: Who
    client_id: str
    text: str
    notice: str | None = None
    sources: tuple[Source, ...] = ()

    @property
    def key(self) -> Key:
        return self.conversation_id, self.author.kind, self.client_id

    def entry(self, seq: int, posted_at: datetime) -> Entry:
        return Entry(
            self.conversation_id,
            seq,
            self.client_id,
            self.author,
            self.text,
            self.notice,
            _from(self.sources),
            posted_at,
        )


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


class _Share:
    """What a batch has for one conversation: how many posts, the place of each author's last, and who they are."""

    __slots__ = ("agents", "at", "customer", "posts")

    def __init__(self) -> None:
        self.posts = 0
        self.at: dict[str, int] = {}
        self.customer: str | None = None
        self.agents: set[str] = set()

    def add(self, author: Who) -> int:
        """The place of the post among them."""
        self.posts += 1
        self.at[author.kind] = self.posts
        if author.kind == "agent":
            self.agents.add(str(author.id))
        elif author.kind == "customer":
            self.customer = str(author.id) if self.customer in (None, author.id) else SEVERAL
        return self.posts


SEVERAL = "several"
"""No customer's id. Where two write, one is a stranger, and JUDGE says which."""


class Batch:
    """Posts on their way in: `waiting` are those of which nothing is known yet, each client_id once."""

    def __init__(self, posts: Sequence[Post]) -> None:
        self.posts = posts
        self.moment = now()
        self._known: dict[Key, Outcome] = {}
        first: dict[Key, Post] = {}
        for post in posts:
            first.setdefault(post.key, post)
        self.waiting: Sequence[Post] = list(first.values())
        self._has_repeats = len(first) < len(posts)
        self._places: list[int] = []

    def conversations(self) -> list[UUID]:
        return sorted({p.conversation_id for p in self.waiting})

    def to_store(self) -> list[Any]:
        """STORE's arguments."""
        rows = self.waiting
        shares: dict[UUID, _Share] = {}
        self._places = [shares.setdefault(p.conversation_id, _Share()).add(p.author) for p in rows]
        ids = sorted(shares)
        each = [shares[one] for one in ids]
        return [
            ids,
            [s.posts for s in each],
            _column([s.at.get("customer") for s in each]),
            _column([s.at.get("agent") for s in each]),
            _column([s.at.get("bot") for s in each]),
            _column([s.customer for s in each]),
            _column([",".join(s.agents) or None for s in each]),
            self.moment,
            [p.conversation_id for p in rows],
            self._places,
            [p.author.kind for p in rows],
            [p.author.id for p in rows],
            [p.author.name for p in rows],
            [p.client_id for p in rows],
            [p.text for p in rows],
            _column([p.notice for p in rows]),
            [msgspec.json.encode(_from(p.sources)).decode() if p.sources else "[]" for p in rows],
        ]

    def stored(self, rows: Iterable[Sequence[Any]]) -> None:
        """STORE's rows: what was stored waits no more."""
        found = {row[0]: row for row in rows}
        left = []
        for post, place in zip(self.waiting, self._places, strict=True):
            row = found.get(post.conversation_id)
            if row is None:
                left.append(post)
            else:
                _, before, routes = row
                self._known[post.key] = Stored(post.entry(before + place, self.moment), True, routes)
        self.waiting = left

    def to_judge(self) -> list[Any]:
        """JUDGE's arguments."""
        rows = self.waiting
        return [
            [p.conversation_id for p in rows],
            [p.author.kind for p in rows],
            [p.author.id for p in rows],
            [p.client_id for p in rows],
            [p.text for p in rows],
        ]

    def judged(self, rows: Iterable[Sequence[Any]]) -> None:
        """JUDGE's rows: what may be stored goes on waiting."""
        left = []
        for post, (verdict, seq, posted_at, is_same, routes) in zip(self.waiting, rows, strict=True):
            if verdict is None:
                left.append(post)
            elif verdict != "again":
                self._known[post.key] = _REFUSALS[verdict]()
            else:
                again = Stored(post.entry(seq, posted_at), False, routes)
                self._known[post.key] = again if is_same else ClientIdReused()
        self.waiting = left

    def outcomes(self) -> list[Outcome]:
        """What became of each post, in the order given; `busy` for what still waits."""
        if not self._has_repeats:
            return [self._known.get(post.key) or Busy() for post in self.posts]
        seen: set[Key] = set()
        return [self._outcome(post, seen) for post in self.posts]

    def _outcome(self, post: Post, seen: set[Key]) -> Outcome:
        found = self._known.get(post.key) or Busy()
        is_first = post.key not in seen
        seen.add(post.key)
        if is_first or isinstance(found, ChatError):
            return found
        return Stored(found.message, False, found.to_route) if found.message.text == post.text else ClientIdReused()


def _column(values: list[Any]) -> list[Any]:
    """Nothing where all are None: unnest fills up with NULL what is too short, and asyncpg asks each element whether it
    is an array itself."""
    return values if any(value is not None for value in values) else []


def _from(sources: tuple[Source, ...]) -> tuple[From, ...]:
    return tuple(From(s.article_id, s.title, s.url) for s in sources)


def write(posts: Sequence[Post], *, is_locked: bool = False) -> list[Outcome]:
    """Stores on Django's own connection, within the caller's transaction; the facts follow its commit.

    `is_locked`: the caller has the locks of the conversations already.
    """
    batch = Batch(posts)
    if not is_locked:
        planned.run(LOCK, batch.conversations())
    batch.judged(planned.run(JUDGE, *batch.to_judge()))
    if batch.waiting:
        batch.stored(planned.run(STORE, *batch.to_store()))
    found = batch.outcomes()
    for outcome in found:
        if isinstance(outcome, Stored):
            bus.emit(outcome.fact())
    return found


def write_one(post: Post, *, is_locked: bool = False) -> Stored:
    """Stores one message within the caller's transaction.

    Raises:
        ChatError: what refused it.
    """
    (outcome,) = write([post], is_locked=is_locked)
    if isinstance(outcome, ChatError):
        raise outcome
    return outcome


def author_of_desk() -> Who:
    return Who("system", None, "")


def author_of_bot(shop: str) -> Who:
    return Who("bot", None, f"{shop} assistant")


def author(kind: AuthorKind, identifier: object, name: str) -> Who:
    return Who(kind, str(identifier), name)
