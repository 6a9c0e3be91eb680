"""Waking the sender of letters. A wake-up that cannot be sent costs a few seconds: the beat wakes it too."""

from __future__ import annotations

import logging

from celery import current_app
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def wake_sending() -> None:
    try:
        current_app.send_task("mail.tasks.send_letters")
    except (KombuError, RedisError, OSError) as error:
        log.warning("the broker is away (%s); the letter is left to the beat", type(error).__name__)
