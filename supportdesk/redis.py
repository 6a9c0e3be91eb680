"""Redis clients: one per process for threads, bare connections for the links of an event loop.

Whatever Redis holds can be flushed at any time; every call answers or fails within a few seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.conf import settings
from redis import Redis
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import ExponentialWithJitterBackoff, NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from supportdesk.redis_address import async_member, client
from supportdesk.redis_cluster import Cluster
from supportdesk.redis_pubsub import PLAIN, SHARDED, Words

__all__ = ["Redis", "RedisError", "published", "raw_connection", "redis", "words"]

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


def words() -> Words:
    """How this Redis is published to. Asked once: a Cluster that learns more is seen by a process at its next start.

    Raises:
        RedisError: the Cluster does not answer.
    """
    return _words(settings.REDIS_URL)


@cache
def _words(url: str) -> Words:
    asked: Any = _client(url)
    return SHARDED if isinstance(asked, Cluster) and asked.knows(SHARDED.publish, SHARDED.tag) else PLAIN


def published(pushes: Sequence[tuple[str, str]]) -> None:
    """Publishes (channel, text) of each, in order and at the price of one.

    Raises:
        RedisError: some may not have been.
    """
    if isinstance(redis(), Cluster):  # its pipelines take no PUBLISH
        for channel, text in pushes:
            redis().execute_command(words().publish, words().tag + channel, text)  # type: ignore[no-untyped-call]  # as redis-py ships it
    elif pushes:
        with redis().pipeline(transaction=False) as pipeline:
            for channel, text in pushes:
                pipeline.publish(channel, text)
            pipeline.execute()


def _home() -> tuple[str, int] | None:
    """The node of a Cluster with which all pushes are; None where any has them, or there is but one."""
    asked: Any = redis()
    return asked.home(SHARDED.tag) if words() is SHARDED else None


async def raw_connection() -> Any:
    """A connection that is not open yet, speaking RESP2, for supportdesk.redis_link. It never reconnects by itself:
    what was published meanwhile is lost, so whoever subscribes must know of every break."""
    home = await asyncio.to_thread(_home)
    member = await async_member(
        settings.REDIS_URL, home, protocol=2, socket_connect_timeout=TIMEOUT_S, retry=AsyncRetry(NoBackoff(), 0)
    )
    return member.connection_pool.make_connection()  # type: ignore[no-untyped-call]  # as redis-py ships it
