"""The order in which people are waited for: a Redis sorted set of conversation ids, QUEUED and OFFERED alike.

Places are told from it. PostgreSQL is the truth, and what is offered next is read there (routing.heads); `repair`
makes the set equal to the rows again, from nothing if need be.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from chat.models import WAITING, Conversation
from supportdesk.redis import redis

QUEUE = "queue"
EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
COMPARE_EVERY_S = 30
COMPARED = "queue:compared"


def score_of(place_at: datetime) -> int:
    """Lower goes first, to the millisecond; equal scores go by id."""
    return (place_at - EPOCH) // timedelta(milliseconds=1)


def remove(conversation_ids: Iterable[UUID]) -> None:
    gone = [str(pk) for pk in conversation_ids]
    if gone:
        redis().zrem(QUEUE, *gone)


def head(most: int) -> list[UUID]:
    """Whoever goes first, first."""
    return [UUID(str(member)) for member in redis().zrange(QUEUE, 0, most - 1)]


def settle(conversation_id: UUID) -> None:
    """Makes the entry of one conversation what its row says."""
    score = _scores(pk=conversation_id).get(conversation_id)
    if score is None:
        remove([conversation_id])
    else:
        redis().zadd(QUEUE, {str(conversation_id): score})


def has_drifted() -> bool:
    """Whether the set is to be repaired: its length is wrong, or all was last compared COMPARE_EVERY_S ago."""
    is_due = redis().set(COMPARED, 1, nx=True, ex=COMPARE_EVERY_S)
    return bool(is_due) or redis().zcard(QUEUE) != Conversation.objects.filter(state__in=WAITING).count()


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
    rows = Conversation.objects.filter(state__in=WAITING, **only).values_list("id", "place_at")
    return {pk: score_of(place_at) for pk, place_at in rows}
