"""How each fault is done to the rig, and how it is taken back."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import psutil
import psycopg
import redis

from tests.faults.proxy import Proxy, Spell
from tests.faults.rig import PROBE_S, Rig
from tests.faults.schedule import Fault, Struck

OF_LINKS = {
    "node 1": (0, 1.0), "node 2": (1, 1.0), "half": (None, 0.5), "all": (None, 1.0),
}  # fmt: skip
TERMINATE = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


class Injector:
    def __init__(self, rig: Rig, proxy: Proxy, clock: Callable[[], float]) -> None:
        self.rig, self.proxy, self.clock = rig, proxy, clock
        self.struck: list[Struck] = []

    async def play(self, faults: list[Fault]) -> None:
        """Each at its time; they may last while the next one strikes."""
        async with asyncio.TaskGroup() as group:
            for fault in faults:
                await asyncio.sleep(max(0.0, fault.at_s - self.clock()))
                group.create_task(self.strike(fault))

    async def strike(self, fault: Fault) -> None:
        began, missed = self.clock(), ""
        try:
            await self._do(fault)
        except (psutil.Error, psycopg.Error, redis.RedisError) as problem:
            missed = f"missed: {type(problem).__name__}"  # what it aims at is down already
        self.struck.append(Struck(fault, began, self.clock(), missed))

    async def _do(self, fault: Fault) -> None:
        if fault.kind in ("cut", "stall", "delay", "drop"):
            node, share = OF_LINKS[fault.target]
            with self._weather(Spell(fault.kind, node, share)):
                await asyncio.sleep(fault.seconds)
        elif fault.kind == "pause":
            with self._stopped(fault.target):
                await asyncio.sleep(fault.seconds)
        elif fault.kind == "fill":
            with self._full():
                await asyncio.sleep(fault.seconds)
        else:
            await self._at_once[fault.kind](self, fault.target)

    # --- At once

    async def _kill(self, name: str) -> None:
        """-9, with everything it has forked: PostgreSQL's backends, too."""
        for process in self.rig.tree(name):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()

    async def _restart(self, name: str) -> None:
        """A fast shutdown of PostgreSQL; the desk's supervisor starts it again."""
        self.rig.process(name).send_signal(signal.SIGINT)

    async def _replace(self, _: str) -> None:
        """A rolling restart: the desk starts a new web process and sends the sockets of the old one away."""
        self.rig.desk.process.send_signal(signal.SIGUSR1)

    async def _leave(self, name: str) -> None:
        """Asked to stop, as by a deployment: it says good-bye to its sockets first."""
        self.rig.process(name).terminate()

    async def _flush(self, _: str) -> None:
        def flush() -> None:
            with redis.Redis.from_url(self.rig.url("REDIS_URL"), socket_timeout=PROBE_S) as link:
                link.flushall()

        await asyncio.to_thread(flush)

    async def _terminate(self, _: str) -> None:
        def terminate() -> None:
            with self.rig.database() as link:
                link.execute(TERMINATE)

        await asyncio.to_thread(terminate)

    _at_once: dict[str, Callable[[Injector, str], Awaitable[None]]] = {
        "kill": _kill, "restart": _restart, "replace": _replace, "leave": _leave,
        "flush": _flush, "terminate": _terminate,
    }  # fmt: skip

    # --- For a while

    @contextmanager
    def _weather(self, spell: Spell) -> Iterator[None]:
        self.proxy.begin(spell)
        try:
            yield
        finally:
            self.proxy.end(spell)

    @contextmanager
    def _stopped(self, name: str) -> Iterator[None]:
        """The root first, so that it forks nothing new meanwhile."""
        stopped: list[psutil.Process] = []
        try:
            root = self.rig.process(name)
            stopped.append(root)
            root.suspend()
            for process in root.children(recursive=True):
                stopped.append(process)
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.suspend()
            yield
        finally:
            for process in reversed(stopped):
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.resume()

    @contextmanager
    def _full(self) -> Iterator[None]:
        self.rig.disk.fill(self._postgres())
        try:
            yield
        finally:
            self.rig.disk.free(self._postgres())

    def _postgres(self) -> list[int]:
        try:
            return [process.pid for process in self.rig.tree("postgres")]
        except psutil.NoSuchProcess:
            return []
