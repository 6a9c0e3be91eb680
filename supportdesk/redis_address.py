"""Where Redis is: one server, the master that Sentinels name, or a Cluster; and a client for each.

redis://, rediss:// and unix:// are redis-py's own forms. Beside them, with `redis` or, for TLS, `rediss` in front:

    redis+sentinel://[user:password@]host:26379,host:26379,host:26379/mymaster[/database][?sentinel_password=...]
    redis+cluster://[user:password@]host:7000,host:7001,host:7002
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.asyncio.sentinel import Sentinel as AsyncSentinel
from redis.sentinel import Sentinel

from supportdesk.redis_cluster import cluster

SENTINEL_PORT, CLUSTER_PORT = 26379, 6379
SCHEMES = {f"{scheme}{kind}" for scheme in ("redis", "rediss") for kind in ("", "+sentinel", "+cluster")} | {"unix"}

Options = dict[str, Any]


class BadAddress(ImproperlyConfigured, ValueError):
    """The message says what is missing. It never repeats the URL, which may hold a password."""


@dataclass(frozen=True)
class Several:
    """What a URL of Sentinels or of a Cluster says."""

    is_cluster: bool
    hosts: tuple[tuple[str, int], ...]
    login: Options
    master: str = ""
    sentinel_login: Options | None = None

    @property
    def sentinel_options(self) -> Options:
        return {**(self.sentinel_login or {}), **{k: v for k, v in self.login.items() if k == "ssl"}}


def several(url: str) -> Several | None:
    """What it says of several servers; None for the address of one server.

    Raises:
        BadAddress: the URL lacks a host, or its master's name.
    """
    scheme, _, kind = urlsplit(url).scheme.partition("+")
    if not kind:
        return None
    user, _, places = urlsplit(url).netloc.rpartition("@")
    default = CLUSTER_PORT if kind == "cluster" else SENTINEL_PORT
    hosts = tuple(host_and_port(place, default) for place in places.split(",") if place)
    if not hosts:
        raise BadAddress("The address of Redis names no host.")
    login: Options = {"ssl": True} if scheme == "rediss" else {}
    name, _, password = user.partition(":")
    login |= {k: unquote(v) for k, v in (("username", name), ("password", password)) if v}
    if kind == "cluster":
        return Several(True, hosts, login)
    master, _, database = urlsplit(url).path.strip("/").partition("/")
    if not master:
        raise BadAddress("The address of Redis names no master: redis+sentinel://host:26379/mymaster")
    if database and not database.isdigit():
        raise BadAddress("What follows the master's name in the address of Redis is no database number.")
    query = dict(parse_qsl(urlsplit(url).query))
    sentinels = {k: query[f"sentinel_{k}"] for k in ("username", "password") if f"sentinel_{k}" in query}
    return Several(False, hosts, {**login, "db": int(database or 0)}, master, sentinels)


def host_and_port(place: str, default: int) -> tuple[str, int]:
    host, colon, port = place.rpartition(":") if not place.endswith("]") else (place, "", "")
    if not colon:
        return place.strip("[]"), default
    if not port.isdigit():
        raise BadAddress("A port in the address of Redis is no number.")
    return host.strip("[]"), int(port)


def client(url: str, **options: Any) -> Redis:
    """For threads. A Cluster's client has the same commands; its pipelines are none across nodes."""
    given = several(url)
    if given is None:
        return Redis.from_url(url, **options)
    if given.is_cluster:
        return cast("Redis", cluster(given.hosts, **given.login, **for_cluster(options)))
    told = {**given.login, **options, "sentinel_kwargs": asking(given, options)}
    sentinels = Sentinel(given.hosts, **told)  # type: ignore[no-untyped-call]  # redis-py types half of it
    return cast("Redis", sentinels.master_for(given.master))  # type: ignore[no-untyped-call]  # as above


async def async_member(url: str, home: tuple[str, int] | None = None, **options: Any) -> AsyncRedis:
    """For the running event loop: the server, the master of this moment, or a node of a Cluster: `home`, or any one,
    each of which takes and gives all that is published to all.

    Raises:
        RedisError: no Sentinel knows a master.
    """
    given = several(url)
    if given is None:
        return AsyncRedis.from_url(url, **options)
    if given.is_cluster:
        host, port = home or random.choice(given.hosts)
        return AsyncRedis(host=host, port=port, **given.login, **options)
    sentinels = AsyncSentinel(given.hosts, sentinel_kwargs=asking(given, options))  # type: ignore[no-untyped-call]  # as above
    try:
        host, port = await sentinels.discover_master(given.master)
    finally:
        await asyncio.gather(*(sentinel.aclose() for sentinel in sentinels.sentinels))
    return AsyncRedis(host=host, port=port, **given.login, **options)


def asking(given: Several, options: Options) -> Options:
    """How Sentinels are asked: as the master is, but with a login of their own."""
    return {**{k: v for k, v in options.items() if k.startswith("socket_")}, **given.sentinel_options}


def for_cluster(options: Options) -> Options:
    """A Cluster's client tries again in its own way, while a master is being replaced."""
    return {name: value for name, value in options.items() if name != "retry"}
