"""Sending work to the Celery workers, without ever holding up the sender for long.

A task is only a wake-up: one that cannot be sent is found again by the sweeper, so a broker that is gone costs one
short wait and then, for a while, none at all.
"""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor

from celery import current_app
from django.conf import settings
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from chat.fanout import carry
from routing import wakeup
from supportdesk.redis import redis

log = logging.getLogger(__name__)

NOT_AGAIN_FOR_S = 1.0
"""After a failure nothing is sent for this long: as often as the sweeper looks anyway."""
WANTED = "errand:dispatch"
WANTED_MOST_S = 2

_resting_until = 0.0
_elsewhere = ThreadPoolExecutor(1, thread_name_prefix="wake-ups")
"""For a broker that is not the desk's own Redis, to which no link without waiting is held."""


def send(task: str) -> bool:
    """Sends `routing.tasks.{task}`; False, and a warning once in a while, where the broker is away."""
    if time.monotonic() < _resting_until:
        return False
    try:
        current_app.send_task(f"routing.tasks.{task}")
    except (KombuError, RedisError, OSError) as error:
        _rest(error, task)
        return False
    return True


def _rest(error: Exception, task: str) -> None:
    global _resting_until
    _resting_until = time.monotonic() + NOT_AGAIN_FOR_S
    log.warning("the broker is away (%s); %s is left to the sweeper", type(error).__name__, task)


def wake_routing() -> None:
    """A message waits for routing. Never waits in a web process."""
    if time.monotonic() < _resting_until:
        return
    if settings.HAS_OWN_BROKER:
        _elsewhere.submit(_send_once, "route", wakeup.MARK, wakeup.MARK_S)
        return
    try:
        carry(*wakeup.command())
    except RedisError as error:
        _rest(error, "route")


def routing_begins() -> None:
    """What is committed from here on wants a wake-up of its own."""
    try:
        redis().delete(wakeup.MARK)
    except RedisError as error:
        log.warning("the mark of a wake-up stays %d s (%s)", wakeup.MARK_S, type(error).__name__)


def send_dispatch() -> None:
    """One dispatch on its way is enough for all who want one; a lost one is wanted again after WANTED_MOST_S."""
    _send_once("dispatch", WANTED, WANTED_MOST_S)


def _send_once(task: str, mark: str, mark_s: int) -> None:
    if time.monotonic() < _resting_until:
        return
    try:
        is_first = redis().set(mark, 1, nx=True, ex=mark_s)
        if is_first and not send(task):
            redis().delete(mark)
    except RedisError as error:
        log.warning("%s is left to the sweeper (%s)", task, type(error).__name__)


def dispatch_begins() -> None:
    """Whatever happens from here on wants a dispatch of its own."""
    try:
        redis().delete(WANTED)
    except RedisError as error:
        log.warning("the mark of a dispatch stays %d s (%s)", WANTED_MOST_S, type(error).__name__)
