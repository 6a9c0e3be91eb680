"""Redis clients: one per process for threads, one per event loop for sockets.

Whatever Redis holds can be flushed at any time; every call answers or fails within a few seconds.
"""

from __future__ import annotations

import asyncio
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import ExponentialWithJitterBackoff, NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

__all__ = ["AsyncRedis", "Redis", "RedisError", "async_redis", "raw_connection", "redis"]

TIMEOUT_S = 2.0
HEALTH_CHECK_S = 10
RETRIES = 2
BACKOFF_S = 0.05
BACKOFF_MOST_S = 0.2


def redis() -> Redis:
    """The process's client. Safe to share by threads, and after a fork."""
    return _client(settings.REDIS_URL)


@cache
def _client(url: str) -> Redis:
    return Redis.from_url(
        url,
        decode_responses=True,
        socket_timeout=TIMEOUT_S,
        socket_connect_timeout=TIMEOUT_S,
        health_check_interval=HEALTH_CHECK_S,
        retry=Retry(ExponentialWithJitterBackoff(base=BACKOFF_S, cap=BACKOFF_MOST_S), RETRIES),
    )


def async_redis() -> AsyncRedis:
    """The running event loop's client; its connections die with the loop."""
    loop = asyncio.get_running_loop()
    client = _of_loop.get(loop)
    if client is None:
        client = _of_loop[loop] = AsyncRedis.from_url(
            settings.REDIS_URL,
            decode_responses=True,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            health_check_interval=HEALTH_CHECK_S,
            retry=AsyncRetry(ExponentialWithJitterBackoff(base=BACKOFF_S, cap=BACKOFF_MOST_S), RETRIES),
        )
    return client


def raw_connection() -> Any:
    """A connection that is not open yet, speaking RESP2, for supportdesk.redis_link. It never reconnects by itself:
    what was published meanwhile is lost, so whoever subscribes must know of every break."""
    client = AsyncRedis.from_url(
        settings.REDIS_URL, protocol=2, socket_connect_timeout=TIMEOUT_S, retry=AsyncRetry(NoBackoff(), 0)
    )
    return client.connection_pool.make_connection()  # type: ignore[no-untyped-call]  # as redis-py ships it


_of_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncRedis] = WeakKeyDictionary()
