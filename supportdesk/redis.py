"""Redis clients: one per process for threads, bare connections for the links of an event loop.

Whatever Redis holds can be flushed at any time; every call answers or fails within a few seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.conf import settings
from redis import Redis
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import ExponentialWithJitterBackoff, NoBackoff
from redis.cluster import RedisCluster
from redis.exceptions import RedisError
from redis.retry import Retry

from supportdesk.redis_address import async_member, client

__all__ = ["Redis", "RedisError", "published", "raw_connection", "redis"]

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
    return client(
        url,
        decode_responses=True,
        socket_timeout=TIMEOUT_S,
        socket_connect_timeout=TIMEOUT_S,
        health_check_interval=HEALTH_CHECK_S,
        retry=Retry(ExponentialWithJitterBackoff(base=BACKOFF_S, cap=BACKOFF_MOST_S), RETRIES),
    )


def published(pushes: Sequence[tuple[str, str]]) -> None:
    """Publishes (channel, text) of each, in order and at the price of one.

    Raises:
        RedisError: some may not have been.
    """
    if isinstance(redis(), RedisCluster):  # its pipelines take no PUBLISH
        for channel, text in pushes:
            redis().publish(channel, text)
    elif pushes:
        with redis().pipeline(transaction=False) as pipeline:
            for channel, text in pushes:
                pipeline.publish(channel, text)
            pipeline.execute()


async def raw_connection() -> Any:
    """A connection that is not open yet, speaking RESP2, for supportdesk.redis_link. It never reconnects by itself:
    what was published meanwhile is lost, so whoever subscribes must know of every break."""
    member = await async_member(
        settings.REDIS_URL, protocol=2, socket_connect_timeout=TIMEOUT_S, retry=AsyncRetry(NoBackoff(), 0)
    )
    return member.connection_pool.make_connection()  # type: ignore[no-untyped-call]  # as redis-py ships it
