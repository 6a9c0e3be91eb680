"""PostgreSQL and Redis for as long as a block or one command runs: for tests, and for `exec -- CMD`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from supportdesk.embedded import leftovers, lock, postgres, redis_server, waiting
from supportdesk.embedded.child import Child
from supportdesk.embedded.logs import Log
from supportdesk.embedded.places import Places
from supportdesk.embedded.postgres import Postgres
from supportdesk.embedded.redis_server import RedisServer


@contextmanager
def services(var: Path, *, durable: bool = True) -> Iterator[Mapping[str, str]]:
    """Yields DATABASE_URL and REDIS_URL. A service whose address the environment gives is not started.

    Call from the main thread. Raises Problem when one does not start. `durable=False` is faster and for tests alone.
    """
    places = Places(var.absolute())
    places.prepare()
    given = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
    with ExitStack() as stack:
        stack.enter_context(lock.held(places))
        leftovers.clear(places)
        stack.callback(leftovers.forget, places)
        children: dict[str, Child] = {}
        stack.callback(stop_all, children)
        if "REDIS_URL" not in given:
            server = RedisServer(places)
            children["redis"] = Child(server.program(), Log(places.log / "redis.log"))
        if "DATABASE_URL" not in given:
            base = Postgres(places, durable=durable)
            base.prepare()
            children["postgres"] = Child(base.program(), Log(places.log / "postgres.log"))
            waiting.until(base.answers, children["postgres"], within_s=postgres.READY_WITHIN_S)
            given["DATABASE_URL"] = base.url
        if "redis" in children:
            waiting.until(server.answers, children["redis"], within_s=redis_server.READY_WITHIN_S)
            given["REDIS_URL"] = server.url
        leftovers.record(places, {name: child.pid for name, child in children.items()})
        publish(places, given)
        yield given


def stop_all(children: Mapping[str, Child]) -> None:
    for child in reversed(list(children.values())):
        child.stop()


def publish(places: Places, urls: Mapping[str, str]) -> None:
    """Leaves the addresses, readable by us alone, for whatever is started beside: `manage.py shell`, a bench."""
    leftovers.write_whole(places.services_env, "".join(f"{name}={url}\n" for name, url in urls.items()))
