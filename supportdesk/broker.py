"""Celery's broker in Celery's spelling, from an address in ours. It can be one server or what Sentinels name.

A Cluster cannot carry Celery: its transport pops from several lists at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from supportdesk.redis_address import Several, several


@dataclass(frozen=True)
class Broker:
    url: str
    options: dict[str, Any] = field(default_factory=dict)
    """For broker_transport_options."""


def broker(redis_url: str) -> Broker:
    """Raises ImproperlyConfigured where Celery cannot use this Redis."""
    given = several(redis_url)
    if given is not None:
        return by_sentinels(given)
    if not redis_url.startswith("unix://"):
        return Broker(redis_url)
    parts = urlsplit(redis_url)
    database = dict(parse_qsl(parts.query)).get("db", "0")
    return Broker(f"redis+socket://{parts.path}?virtual_host={database}")


def by_sentinels(given: Several) -> Broker:
    if given.is_cluster:
        raise ImproperlyConfigured(
            "REDIS_URL is a Cluster, which Celery cannot use: set CELERY_BROKER_URL to a Redis of its own "
            "(redis://... or redis+sentinel://.../mymaster)."
        )
    if "ssl" in given.login:
        raise ImproperlyConfigured("Celery reaches Sentinels without TLS only: set CELERY_BROKER_URL to another Redis.")
    login = ":".join(quote(given.login.get(part, ""), safe="") for part in ("username", "password"))
    who = f"{login}@" if login != ":" else ""
    urls = [f"sentinel://{who}{host}:{port}/{given.login['db']}" for host, port in given.hosts]
    options: dict[str, Any] = {"master_name": given.master}
    if given.sentinel_login:
        options["sentinel_kwargs"] = given.sentinel_login
    return Broker(";".join(urls), options)
