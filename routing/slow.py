"""Turns whose bot must do something that takes seconds: each in a thread of its own, under a longer claim.

At most SLOW_TURNS of them at once in a process. One that finds no room keeps its short claim, is taken anew a moment
later, and goes to people at the bot's deadline; so does one whose process dies.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import BoundedSemaphore

from django.conf import settings
from django.db import connections

from chat import fanout
from chat.models import Conversation
from routing import errands
from routing.together import AWAY
from routing.turn import Outcome, broken
from supportdesk.clock import now

log = logging.getLogger(__name__)

CLAIM_S = 12.0
"""Longer than the bot's deadline: whoever has begun is not overtaken, and the sweeper ends what never ends."""

_room = BoundedSemaphore(max(1, settings.SLOW_TURNS))
_threads = ThreadPoolExecutor(max(1, settings.SLOW_TURNS), thread_name_prefix="slow-turns")

Act = Callable[[Sequence[Outcome]], bool]


def begin(outcomes: Sequence[Outcome], act: Act) -> bool:
    """Does the work of each and acts on what comes of it; whether a turn was stale (known only without threads)."""
    if not outcomes:
        return False
    if settings.SLOW_TURNS == 0:
        return act([worked(outcome) for outcome in outcomes])
    going = [outcome for outcome in outcomes if _room.acquire(blocking=False)]
    until = now() + timedelta(seconds=CLAIM_S)
    Conversation.objects.filter(pk__in=[each.turn.conversation_id for each in going]).update(routing_until=until)
    for outcome in going:
        _threads.submit(_alone, outcome, act)
    return False


def worked(outcome: Outcome) -> Outcome:
    """Any failure but the database's is a handoff."""
    assert outcome.work is not None
    try:
        return outcome.work()
    except AWAY:
        raise
    except Exception as error:
        log.exception("the work of a turn failed")
        return broken(outcome.turn, error)


def _alone(outcome: Outcome, act: Act) -> None:
    try:
        done = worked(outcome)
        with fanout.together():
            is_stale = act([done])
        if is_stale:
            errands.wake_routing()
    except AWAY as error:
        log.warning("a turn is left to its deadline: PostgreSQL is away (%s)", type(error).__name__)
    except Exception:
        log.exception("a turn is left to its deadline")
    finally:
        connections.close_all()
        _room.release()
