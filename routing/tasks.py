"""Everything the Celery workers are woken for. Each calls one verb; run twice is run once."""

from __future__ import annotations

import logging

from celery import shared_task

from routing import dispatch as walk
from routing import errands, sweeper, waiting
from supportdesk.redis import RedisError

log = logging.getLogger(__name__)


@shared_task
def sweep() -> None:
    sweeper.sweep()


@shared_task
def dispatch() -> None:
    """Somebody waits, or somebody has room."""
    errands.dispatch_begins()
    drain_queue()


@shared_task
def drain_queue() -> None:
    """Offers what waits, whatever has been missed, and tells those who go on waiting their places."""
    try:
        walk.dispatch()
        waiting.tell_places()
    except RedisError as error:
        log.warning("the queue waits: Redis is away (%s)", type(error).__name__)
