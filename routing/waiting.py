"""Tells those who wait when their place has moved: the first hundred, at most once a second for the whole desk."""

from __future__ import annotations

from uuid import UUID

from chat import protocol as wire
from chat.fanout import of_customer, publish
from chat.models import Conversation
from chat.snapshots import capacity_online
from chat.waits import wait_range
from routing import queue
from supportdesk.redis import redis

TOLD = "queue:told"
"""Hash of conversation id -> the place its customer was last told."""
TURN = "queue:telling"
TELL_EVERY_S = 1
TELL_MOST = 100


def tell_places() -> int:
    """Pushes `queue.moved` to everyone whose place has changed; returns to how many."""
    if not redis().set(TURN, 1, nx=True, ex=TELL_EVERY_S):
        return 0
    places = queue.positions(TELL_MOST)
    told = {UUID(str(member)): int(place) for member, place in redis().hgetall(TOLD).items()}
    moved = {pk: place for pk, place in places.items() if told.get(pk) != place}
    left = [str(pk) for pk in told.keys() - places.keys()]
    if left:
        redis().hdel(TOLD, *left)
    if moved:
        _push(moved)
        redis().hset(TOLD, mapping={str(pk): place for pk, place in moved.items()})
    return len(moved)


def _push(moved: dict[UUID, int]) -> None:
    capacity = capacity_online()
    rows = Conversation.objects.filter(pk__in=moved, state__in=queue.WAITING).values_list("pk", "customer_id")
    for conversation_id, customer_id in rows:
        low, high = wait_range(moved[conversation_id], capacity)
        shown = wire.QueueMoved(
            conversation_id=conversation_id,
            position=moved[conversation_id],
            wait_s=wire.WaitRange(low=low, high=high),
        )
        publish(of_customer(customer_id), "queue.moved", shown)
