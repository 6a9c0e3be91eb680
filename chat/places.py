"""The place in the queue as its customer was told it last: written by routing, which forecasts; gone with Redis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from chat.waits import Wait
from supportdesk.redis import redis

TOLD = "queue:told"
"""Hash of conversation id -> position, and the lower and upper end of the wait."""

Place = tuple[int, int, int]


def told(conversation_id: UUID) -> tuple[int, Wait] | None:
    """Raises RedisError."""
    said = redis().hget(TOLD, str(conversation_id))
    if said is None:
        return None
    position, low, high = map(int, str(said).split())
    return position, (low, high)


def all_told() -> dict[UUID, str]:
    return {UUID(str(member)): str(said) for member, said in redis().hgetall(TOLD).items()}


def remember(places: Mapping[UUID, Place]) -> None:
    redis().hset(TOLD, mapping={str(pk): written(place) for pk, place in places.items()})


def forget(conversation_ids: Sequence[UUID]) -> None:
    redis().hdel(TOLD, *map(str, conversation_ids))


def written(place: Place) -> str:
    return " ".join(map(str, place))
