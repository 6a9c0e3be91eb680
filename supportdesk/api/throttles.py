"""How often a caller may ask: fixed windows counted in Redis, or by this process alone while Redis is away."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from typing import Any, cast

from django.core.cache import cache
from redis import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from supportdesk.api.refused import TooMany
from supportdesk.clock import now
from supportdesk.redis import redis

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rate:
    times: int
    per_s: int = 60


def take(what: str, whose: str, rate: Rate) -> None:
    """Counts one try of `what`.

    Raises:
        TooMany: the window is used up; it says when the next one begins.
    """
    key, moment = _key(what, whose, rate), now().timestamp()
    if _count(key, rate) > rate.times:
        raise TooMany(rate.per_s - moment % rate.per_s)


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


def _count(key: str, rate: Rate) -> int:
    try:
        with redis().pipeline(transaction=True) as pipe:
            pipe.incr(key)
            pipe.expire(key, rate.per_s * 2)
            return int(pipe.execute()[0])
    except RedisError as problem:
        log.warning("throttling in this process alone: %s", type(problem).__name__)
        cache.add(key, 0, rate.per_s)
        return int(cache.incr(key))


def address_of(request: Request) -> str:
    """The caller's IP address; NUM_PROXIES says how many proxies may name it."""
    return str(BaseThrottle().get_ident(request))


class PerCaller(BaseThrottle):
    """One window a caller (token, agent or customer), else an address. A view's `rate` may differ."""

    rate = Rate(1200)

    def allow_request(self, request: Request, view: Any) -> bool:
        rate = cast("Rate", getattr(view, "rate", self.rate))
        take("rest", getattr(request.auth, "key", "") or address_of(request), rate)
        return True
