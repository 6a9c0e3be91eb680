"""How often something may be done: fixed windows counted in Redis, or by this process alone while Redis is away."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass

from django.core.cache import cache

from supportdesk.clock import now
from supportdesk.redis import RedisError, redis

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rate:
    times: int
    per_s: int = 60


def count(what: str, whose: str, rate: Rate) -> float:
    """Counts one try of `what`: 0 if it may go ahead, else the seconds until the next window begins."""
    key, moment = _key(what, whose, rate), now().timestamp()
    return rate.per_s - moment % rate.per_s if _counted(key, rate) > rate.times else 0.0


def give_back(what: str, whose: str, rate: Rate) -> None:
    """The try was a good one and does not count."""
    key = _key(what, whose, rate)
    try:
        redis().decr(key)
    except RedisError:
        cache.add(key, 0, rate.per_s)
        cache.decr(key)


def _key(what: str, whose: str, rate: Rate) -> str:
    """`whose` is hashed: its length is a stranger's choice, and a username is nobody's business."""
    window = int(now().timestamp() // rate.per_s)
    return f"throttle:{what}:{hashlib.sha256(whose.encode('utf-8', 'replace')).hexdigest()[:24]}:{window}"


def _counted(key: str, rate: Rate) -> int:
    try:
        with redis().pipeline(transaction=True) as pipe:
            pipe.incr(key)
            pipe.expire(key, rate.per_s * 2)
            return int(pipe.execute()[0])
    except RedisError as problem:
        log.warning("counting in this process alone: %s", type(problem).__name__)
        cache.add(key, 0, rate.per_s)
        return int(cache.incr(key))
