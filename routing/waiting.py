"""Tells those who wait when place or interval has moved: the first hundred, at most once a second for the desk."""

from __future__ import annotations

from uuid import UUID

from chat import protocol as wire
from chat.fanout import of_customer, publish
from chat.handling import mean_s
from chat.models import WAITING, Conversation
from chat.snapshots import capacity_online
from chat.waits import wait_range
from routing import queue
from supportdesk.redis import redis

TOLD = "queue:told"
"""Hash of conversation id -> the place and interval its customer was last told."""
TURN = "queue:telling"
TELL_EVERY_S = 1
TELL_MOST = 100

Place = tuple[int, int, int]
"""Position, and the lower and upper end of the wait."""


def tell_places() -> int:
    """Pushes `queue.moved` to everyone whose place or wait has changed; returns to how many."""
    if not redis().set(TURN, 1, nx=True, ex=TELL_EVERY_S):
        return 0
    places = _places()
    told = {UUID(str(member)): str(said) for member, said in redis().hgetall(TOLD).items()}
    moved = {pk: place for pk, place in places.items() if told.get(pk) != str(place)}
    left = [str(pk) for pk in told.keys() - places.keys()]
    if left:
        redis().hdel(TOLD, *left)
    if moved:
        _push(moved)
        redis().hset(TOLD, mapping={str(pk): str(place) for pk, place in moved.items()})
    return len(moved)


def _places() -> dict[UUID, Place]:
    """Conversation -> its place and the seconds (low, high) until a person takes it, from what the desk does now."""
    positions = queue.positions(TELL_MOST)
    if not positions:
        return {}
    capacity, handling_s = capacity_online(), mean_s()
    return {pk: (position, *wait_range(position, capacity, handling_s)) for pk, position in positions.items()}


def _push(moved: dict[UUID, Place]) -> None:
    rows = Conversation.objects.filter(pk__in=moved, state__in=WAITING).values_list("pk", "customer_id")
    for conversation_id, customer_id in rows:
        position, low, high = moved[conversation_id]
        shown = wire.QueueMoved(
            conversation_id=conversation_id, position=position, wait_s=wire.WaitRange(low=low, high=high)
        )
        publish(of_customer(customer_id), "queue.moved", shown)
