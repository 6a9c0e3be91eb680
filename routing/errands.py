"""Sending work to the Celery workers, without ever holding up the sender for long.

A task is only a wake-up: one that cannot be sent is found again by the sweeper, so a broker that is gone costs one
short wait and then, for a while, none at all.
"""

from __future__ import annotations

import logging
import time

from celery import current_app
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from supportdesk.redis import redis

log = logging.getLogger(__name__)

NOT_AGAIN_FOR_S = 1.0
"""After a failure nothing is sent for this long: as often as the sweeper looks anyway."""
WANTED = "errand:dispatch"
WANTED_MOST_S = 2

_resting_until = 0.0


def send(task: str, *args: str) -> bool:
    """Sends `routing.tasks.{task}`; False, and a warning once in a while, where the broker is away."""
    global _resting_until
    if time.monotonic() < _resting_until:
        return False
    try:
        current_app.send_task(f"routing.tasks.{task}", args=args)
    except (KombuError, RedisError, OSError) as error:
        _resting_until = time.monotonic() + NOT_AGAIN_FOR_S
        log.warning("the broker is away (%s); %s is left to the sweeper", type(error).__name__, task)
        return False
    return True


def send_dispatch() -> None:
    """One dispatch on its way is enough for all who want one; a lost one is wanted again after WANTED_MOST_S."""
    if time.monotonic() < _resting_until:
        return
    try:
        is_first = redis().set(WANTED, 1, nx=True, ex=WANTED_MOST_S)
    except RedisError as error:
        log.warning("dispatch is left to the sweeper (%s)", type(error).__name__)
        return
    if is_first and not send("dispatch"):
        dispatch_begins()


def dispatch_begins() -> None:
    """Whatever happens from here on wants a dispatch of its own."""
    try:
        redis().delete(WANTED)
    except RedisError as error:
        log.warning("the mark of a dispatch stays %d s (%s)", WANTED_MOST_S, type(error).__name__)
