"""Everything the Celery workers are woken for. Each calls one verb; run twice is run once."""

from __future__ import annotations

import logging
from threading import Lock
from typing import Any

from celery import shared_task
from celery.signals import worker_init
from django.db import connection

from knowledge import embedding
from routing import dispatch as walk
from routing import drain, errands, golden_runs, live, sweeper, trainings, waiting
from routing.together import AWAY
from supportdesk.redis import RedisError

log = logging.getLogger(__name__)

_draining = Lock()


@worker_init.connect
def warm_up(**_: Any) -> None:
    """Before the first message: loading the model would otherwise fall on one customer. Without PostgreSQL, later."""
    try:
        live.warm_up()
    except AWAY as error:
        log.warning("the model is loaded later: PostgreSQL is away (%s)", type(error).__name__)
    finally:
        connection.close()  # what forks from here must not share it


@shared_task
def route() -> None:
    """Customers have written: the bot answers, or people get it. What fails here stays in the outbox column.

    One drain at a time in a process: the next wake-up waits with its mark still set, so what arrives meanwhile is one
    batch and needs no wake-up of its own.
    """
    with _draining:
        errands.routing_begins()
        try:
            if not drain.drain():
                errands.wake_routing()
        except AWAY as error:
            log.warning("routing waits: PostgreSQL is away (%s)", type(error).__name__)


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


@shared_task
def embed() -> None:
    """Passages have changed, or the encoder has. What one run leaves is for the next."""
    embedding.embed()


@shared_task
def ask_golden() -> None:
    """Somebody waits for what golden questions come to."""
    golden_runs.asks()


@shared_task
def train() -> None:
    """Somebody has asked for a training: a process of its own does it, so that nobody's turn waits."""
    trainings.begin()
