"""The order in which people are waited for: a Redis sorted set of conversation ids, QUEUED and OFFERED alike.

PostgreSQL is the truth. An entry that does not wait any more is dropped where it is met, and `repair` makes the set
equal to the rows again, from nothing if need be.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from chat.lifecycle import State
from chat.models import Conversation
from supportdesk.redis import redis

QUEUE = "queue"
WAITING = (State.QUEUED, State.OFFERED)
ORDER = ("-priority", "waiting_since", "id")
"""The same order in PostgreSQL."""
EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
STEP_MS = 2**40
"""One step of priority outweighs any wait: 2**40 ms are 34 years. With 12 bits of priority a score is still exact."""
PRIORITY_MOST = 4095


def score_of(priority: int, waiting_since: datetime) -> int:
    """Lower goes first: higher priority, then the longer wait (to the millisecond; equal scores go by id)."""
    waited_ms = int((waiting_since - EPOCH).total_seconds() * 1000)
    return waited_ms - max(-PRIORITY_MOST, min(PRIORITY_MOST, priority)) * STEP_MS


def remove(conversation_ids: Iterable[UUID]) -> None:
    gone = [str(pk) for pk in conversation_ids]
    if gone:
        redis().zrem(QUEUE, *gone)


def head(most: int) -> list[UUID]:
    """Whoever goes first, first."""
    return [UUID(str(member)) for member in redis().zrange(QUEUE, 0, most - 1)]


def positions(most: int) -> dict[UUID, int]:
    """Conversation -> its place, 1 is next; of the first `most`."""
    return {conversation_id: place for place, conversation_id in enumerate(head(most), start=1)}


def settle(conversation_id: UUID) -> None:
    """Makes the entry of one conversation what its row says."""
    score = _scores(pk=conversation_id).get(conversation_id)
    if score is None:
        remove([conversation_id])
    else:
        redis().zadd(QUEUE, {str(conversation_id): score})


def repair() -> int:
    """Makes the set equal to the rows; returns how many entries were wrong. Safe beside adds and removes."""
    entries: Any = redis().zrange(QUEUE, 0, -1, withscores=True)
    held = {str(member): int(score) for member, score in entries}
    true = {str(pk): score for pk, score in _scores().items()}
    missing = {member: score for member, score in true.items() if held.get(member) != score}
    if missing:
        redis().zadd(QUEUE, missing)
    stale = [UUID(member) for member in held.keys() - true.keys()]
    for conversation_id in stale:  # one that joined since the rows were read stays
        settle(conversation_id)
    return len(missing) + len(stale)


def rebuild() -> int:
    """Throws the set away and makes it anew; returns its length."""
    redis().delete(QUEUE)
    repair()
    return redis().zcard(QUEUE)


def _scores(**only: object) -> dict[UUID, int]:
    rows = Conversation.objects.filter(state__in=WAITING, **only).values_list("id", "priority", "waiting_since")
    return {pk: score_of(priority, since) for pk, priority, since in rows if since is not None}
