"""The place in the queue as its customer was told it last: written by routing, which forecasts; gone with Redis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from chat.waits import Wait
from supportdesk.redis import redis

TOLD = "queue:told"
"""Hash of conversation id -> position, and the lower and upper end of the wait where one can be told."""

Place = tuple[int, Wait | None]


def told(conversation_id: UUID) -> Place | None:
    """Raises RedisError."""
    said = redis().hget(TOLD, str(conversation_id))
    if said is None:
        return None
    position, *wait = map(int, str(said).split())
    return position, (wait[0], wait[1]) if wait else None


def all_told() -> dict[UUID, str]:
    return {UUID(str(member)): str(said) for member, said in redis().hgetall(TOLD).items()}


def remember(places: Mapping[UUID, Place]) -> None:
    redis().hset(TOLD, mapping={str(pk): written(place) for pk, place in places.items()})


def forget(conversation_ids: Sequence[UUID]) -> None:
    redis().hdel(TOLD, *map(str, conversation_ids))


def written(place: Place) -> str:
    position, wait = place
    return " ".join(map(str, (position, *(wait or ()))))
