"""Tells those who wait when place or interval has moved: the first hundred, at most once a second for the desk."""

from __future__ import annotations

from uuid import UUID

from chat import handling, places
from chat import protocol as wire
from chat.fanout import of_customer, publish
from chat.models import WAITING, Conversation
from chat.places import Place
from chat.snapshots import wait_told
from chat.waits import HIGH_LEAST_S, Wait
from routing.candidates import candidates
from routing.forecast import Pace, forecast
from routing.heads import first
from supportdesk.clock import now
from supportdesk.redis import redis

TURN = "queue:telling"
TELL_EVERY_S = 1
TELL_MOST = 100
STEP_S = 5


def tell_places() -> int:
    """Pushes `queue.moved` to everyone whose place or wait has changed; returns to how many."""
    if not redis().set(TURN, 1, nx=True, ex=TELL_EVERY_S):
        return 0
    found = _places()
    told = places.all_told()
    moved = {pk: place for pk, place in found.items() if told.get(pk) != places.written(place)}
    left = [pk for pk in told if pk not in found]
    if left:
        places.forget(left)
    if moved:
        _push(moved)
        places.remember(moved)
    return len(moved)


def _places() -> dict[UUID, Place]:
    """Conversation -> its place and the wait until a person takes it, from what the desk does now. What
    is offered has its agent's room already and takes none from those behind."""
    line = first(TELL_MOST)
    if not line:
        return {}
    queued = [each for each in line if not each.is_offered]
    pace = Pace(handling.mean_s(), handling.leaving_per_s())
    waits = iter(forecast([each.need for each in queued], candidates(), now(), pace))
    return {
        each.id: (position, (0, HIGH_LEAST_S) if each.is_offered else _rounded(next(waits)))
        for position, each in enumerate(line, start=1)
    }


def _rounded(wait: Wait | None) -> Wait | None:
    """Outwards to STEP_S: who is not told anew every second can read it."""
    if wait is None:
        return None
    low, high = wait
    return low - low % STEP_S, high + -high % STEP_S


def _push(moved: dict[UUID, Place]) -> None:
    rows = Conversation.objects.filter(pk__in=moved, state__in=WAITING).values_list("pk", "customer_id")
    for conversation_id, customer_id in rows:
        position, wait = moved[conversation_id]
        shown = wire.QueueMoved(conversation_id=conversation_id, position=position, wait_s=wait_told(wait))
        publish(of_customer(customer_id), "queue.moved", shown)
