"""The real thing on one machine: a desk, a second web node on its services, a proxy before both, a disk that can fill.

`started()` is for the main thread: the processes end with it. Deadlines are made short, so that many pass in a run.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg

from supportdesk.demo import DEMO_SITE_KEY
from tests import desk as real
from tests.faults.disk import Disk
from tests.faults.node import SecondNode
from tests.faults.proxy import Proxy

CAPACITY = 4
SHORT = {"offer_s": 4, "first_reply_s": 8, "reply_s": 8, "queue_s": 6, "idle_s": 40, "bot_turn_s": 6, "reopen_s": 2}
"""Seconds of the inbox: an offer, a reply, a wait, and how long a closed conversation can be opened again."""
PROBE_S = 2.0


@dataclass(frozen=True)
class Hired:
    """An agent, signed in."""

    agent_id: int
    name: str
    cookie: str = field(repr=False)


@dataclass
class Rig:
    desk: real.Desk
    second: SecondNode
    disk: Disk

    @property
    def ports(self) -> tuple[int, int]:
        return int(self.desk.url.rsplit(":", 1)[1]), self.second.port

    @property
    def site_key(self) -> str:
        return DEMO_SITE_KEY

    def proxy(self, seed: int) -> Proxy:
        return Proxy(self.ports, random.Random(f"links {seed}"))

    def process(self, name: str) -> psutil.Process:
        """`web` is the first node, `web 2` the second.

        Raises:
            psutil.NoSuchProcess: it is down at the moment.
        """
        return psutil.Process(self.second.pid if name == "web 2" else self.desk.pids()[name])

    def tree(self, name: str) -> list[psutil.Process]:
        """The process first, then what it has forked."""
        root = self.process(name)
        return [root, *root.children(recursive=True)]

    def url(self, name: str) -> str:
        lines = (self.desk.var / "run" / "services.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)[name]

    def database(self) -> psycopg.Connection[Any]:
        """Raises psycopg.OperationalError while PostgreSQL is down."""
        link = psycopg.connect(
            self.url("DATABASE_URL"), autocommit=True, connect_timeout=int(PROBE_S), options="-c statement_timeout=5000"
        )
        link.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        return link

    def hire(self, count: int) -> list[Hired]:
        """Signed-in agents of a small capacity."""
        kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
        answer = subprocess.run(
            [sys.executable, "-m", "tests.faults.cast", str(count)],
            env={**kept, "SUPPORTDESK_VAR": str(self.desk.var), "PORT": str(self.ports[0])},
            capture_output=True,
            check=True,
        )
        hired = [self._known_at_both(**one) for one in json.loads(answer.stdout)]
        with self.database() as link:
            link.execute(
                "UPDATE agents_agent SET capacity = %s WHERE id = ANY(%s)", [CAPACITY, [one.agent_id for one in hired]]
            )
        return hired

    def _known_at_both(self, agent_id: int, name: str, cookie: str) -> Hired:
        """The cookie is named after the port, which the nodes do not share as those of one address would."""
        first, second = (str(port) for port in self.ports)
        return Hired(agent_id, name, f"{cookie}; {cookie.replace(first, second, 1)}")

    async def is_whole(self, seconds: float = real.READY_S) -> None:
        """Waits until every process runs and both nodes take connections.

        Raises:
            TimeoutError: they do not.
        """
        async with asyncio.timeout(seconds):
            while not await asyncio.to_thread(self._is_whole):  # noqa: ASYNC110  # other processes set no Event
                await asyncio.sleep(0.1)

    def _is_whole(self) -> bool:
        try:
            names = [self.process(name).is_running() for name in ("postgres", "redis", "worker", "beat")]
            return all(names) and self.second.answers() and self.desk.is_ready()
        except (psutil.Error, OSError, ValueError):
            return False


@contextmanager
def started(var: Path) -> Iterator[Rig]:
    disk = Disk(var / "postgres")
    disk.mount()
    try:
        desk = real.start(var)
        try:
            second = SecondNode(desk.pids()["web"], real.free_port(), var / "log" / "web-2.log")
            try:
                real.until(second.answers, real.READY_S, "the second node does not listen")
                rig = Rig(desk, second, disk)
                _shorten(rig)
                yield rig
            finally:
                second.stop()
        finally:
            real.stop(desk)
    finally:
        disk.unmount()


def _shorten(rig: Rig) -> None:
    changes = ", ".join(f"{column} = {seconds}" for column, seconds in SHORT.items())
    with rig.database() as link:
        link.execute(f"UPDATE chat_inbox SET {changes}")  # noqa: S608  # constants of this file
