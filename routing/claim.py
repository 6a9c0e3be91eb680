"""Which turns a worker takes: the oldest that wait and that nobody else is thinking about.

A claim is a column that runs out by itself, so a worker that is killed holds up its turns for CLAIM_S at most. Being
late with a claim is harmless too: acting checks again, under the lock, that the turn still waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chat.models import Conversation
from routing.signals import across
from supportdesk import planned
from supportdesk.clock import now

TURNS_MOST = 32
CLAIM_S = 3.0
"""Far longer than thinking takes, and short enough that another worker answers within the bot's deadline."""
EARLIER_WITHIN_S = 120
"""How long before the turn a message may lie that is read together with it."""
COUNTED_SEQS = 200
"""How far back the bot's words are counted."""
EARLIER_SEQS = 20
"""How far back it is looked for."""

# A claim that a crash forgets costs nothing, so its commit waits for no disk.
CLAIM = """
WITH unhurried AS (SELECT set_config('synchronous_commit', 'off', true)), due AS (
  SELECT id FROM chat_conversation
  WHERE state = 'bot' AND to_route_seq > routed_seq AND (routing_until IS NULL OR routing_until < $1::timestamptz)
  ORDER BY to_route_since LIMIT $3::int FOR NO KEY UPDATE SKIP LOCKED
), claimed AS (
  UPDATE chat_conversation c SET routing_until = $2::timestamptz FROM due WHERE c.id = due.id
  RETURNING c.id, c.inbox_id, c.routed_seq, c.to_route_seq, c.to_route_since, c.language, c.misses, c.frustration,
    c.customer_id
)
SELECT c.id, c.inbox_id, c.routed_seq, c.to_route_seq, c.to_route_since, c.language, c.misses, c.frustration,
  u.verified, u.value, i.name, i.site_key, i.locale, i.support_floor, i.max_misses, i.valued_from, i.valued_priority
FROM claimed c JOIN chat_inbox i ON i.id = c.inbox_id JOIN chat_customer u ON u.id = c.customer_id CROSS JOIN unhurried
ORDER BY c.to_route_since
"""

# Not part of CLAIM: its snapshot is older than its locks, and would miss what was posted in between.
READ = """
SELECT
  (SELECT string_agg(m.text, E'\\n' ORDER BY m.seq) FROM chat_message m
    WHERE m.conversation_id = t.id AND m.author_kind = 'customer' AND m.seq > t.routed AND m.seq <= t.upto),
  ARRAY(SELECT m.text FROM chat_message m
    WHERE m.conversation_id = t.id AND m.author_kind = 'customer' AND m.seq <= t.routed AND m.seq > t.routed - $5::int
      AND m.posted_at >= greatest(t.since - $6::int * interval '1 s', (SELECT max(e.at) FROM chat_event e
        WHERE e.conversation_id = t.id AND e.trigger <> 'opened'))
    ORDER BY m.seq DESC LIMIT $7::int),
  (SELECT count(*) FROM chat_message m
    WHERE m.conversation_id = t.id AND m.author_kind = 'bot' AND m.seq <= t.upto AND m.seq > t.upto - $8::int)
FROM unnest($1::uuid[], $2::int[], $3::int[], $4::timestamptz[]) WITH ORDINALITY AS t(id, routed, upto, since, n)
ORDER BY t.n
"""


@dataclass(frozen=True, slots=True)
class Shop:
    """What a turn's inbox says."""

    inbox_id: int
    name: str
    site_key: str
    locale: str
    support_floor: float
    max_misses: int
    valued_from: int | None = None
    valued_priority: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything the customer wrote since the last routed message, read at one moment, and what thinking needs."""

    conversation_id: UUID
    shop: Shop
    text: str
    upto_seq: int
    earlier: tuple[str, ...] = ()
    """What the customer wrote just before and the bot has routed, oldest first; none of it older than the bot's
    present say in the conversation."""
    language: str = "en"
    misses: int = 0
    frustration: float = 0.0
    verified: bool = False
    value: int | None = None
    bot_turns: int = 0


def claim(most: int = TURNS_MOST) -> list[Turn]:
    """Up to `most` turns, longest waiting first; nobody else is given them for CLAIM_S."""
    moment = now()
    rows = planned.run(CLAIM, moment, moment + timedelta(seconds=CLAIM_S), most)
    if not rows:
        return []
    places = [[row[n] for row in rows] for n in (0, 2, 3, 4)]  # id, routed, upto, since
    said = planned.run(READ, *places, EARLIER_SEQS, EARLIER_WITHIN_S, across.MESSAGES, COUNTED_SEQS)
    return [_turn(row, *read) for row, read in zip(rows, said, strict=True)]


def _turn(row: tuple[Any, ...], text: str | None, earlier: list[str], bot_turns: int) -> Turn:
    pk, inbox_id, _, upto, _, language, misses, frustration, verified, value, *shop = row
    return Turn(
        pk, Shop(inbox_id, *shop), text or "", upto, tuple(reversed(earlier)), language, misses, frustration, verified,
        value, bot_turns,
    )  # fmt: skip


def give_back(turns: Sequence[Turn]) -> None:
    """Whoever looks next may take them."""
    if turns:
        Conversation.objects.filter(pk__in=[turn.conversation_id for turn in turns]).update(routing_until=None)


def oldest_waiting(moment: datetime) -> datetime | None:
    """Since when the longest waiting message waits that nobody is thinking about."""
    free = Conversation.objects.unrouted().exclude(routing_until__gt=moment)
    return free.order_by("to_route_since").values_list("to_route_since", flat=True).first()
