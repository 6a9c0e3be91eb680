"""The heart-beat of a web process: one ticking task for all its sockets.

It pings who was quiet, hangs up on who stayed silent, and reports to Redis who was heard. Presence expires by itself,
so a process that dies needs nobody to say so.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from channels.db import database_sync_to_async
from django.db import DatabaseError
from redis.exceptions import RedisError

from agents import presence
from chat.protocol import CLOSE_SILENT, CLOSE_UNAUTHENTICATED, Empty
from chat.sockets.authority import lapsed
from chat.sockets.lag import Lag

if TYPE_CHECKING:
    from chat.sockets.base import Socket

log = logging.getLogger(__name__)

TICKS = 10
"""A second. Each has a share of the sockets, so that thousands are not pinged, and do not answer, all at once."""
RECHECK_EVERY_S = 5
"""How long a socket may outlive the session or token that opened it."""
SILENT_BEATS = 3
FEW_CLOSED = 1_000


class Pulse:
    """Lives on one event loop."""

    def __init__(self) -> None:
        self.sockets: set[Socket] = set()
        self._taken_in = self._closed = 0
        self.lag = Lag()
        self._loop = asyncio.get_running_loop()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="presence")
        self._task = asyncio.create_task(self._run(), name="pulse")

    def take_in(self, socket: Socket) -> None:
        self._taken_in += 1
        socket.turn = self._taken_in
        self.sockets.add(socket)

    def let_go(self, socket: Socket) -> None:
        self.sockets.discard(socket)
        self._closed += 1

    async def _run(self) -> None:
        ticks = 0
        while True:
            await asyncio.sleep(1 / TICKS)
            ticks += 1
            self._beat(self._share(ticks, TICKS), time.monotonic())
            second, tick = divmod(ticks, TICKS)
            if tick == 0:
                await self._report(self._share(second, presence.REPORT_EVERY_S))
            elif tick == TICKS // 2:
                await self._recheck(self._share(second, RECHECK_EVERY_S))
            if self._closed > max(FEW_CLOSED, len(self.sockets)):
                self._closed = 0
                gc.collect()  # the server looks at old objects too seldom to find them (supportdesk.serve.garbage)

    def _share(self, turn: int, turns: int) -> list[Socket]:
        """Whose turn it is: each is in one of `turns` that follow one another."""
        return [socket for socket in self.sockets if socket.turn % turns == turn % turns]

    def _beat(self, sockets: Iterable[Socket], moment: float) -> None:
        for socket in sockets:
            quiet = moment - max(socket.heard_at, socket.opened_at)
            if quiet > SILENT_BEATS * socket.heartbeat_s:
                socket.hang_up(CLOSE_SILENT)
            elif quiet > socket.heartbeat_s and moment - socket.pinged_at > socket.heartbeat_s:
                socket.pinged_at = moment
                socket.push("ping", Empty())

    async def _report(self, sockets: Iterable[Socket]) -> None:
        open_ones = [(s.presence_kind, s.presence_id, s.socket_id) for s in sockets if s.presence_id is not None]
        agents = [(who, socket_id) for kind, who, socket_id in open_ones if kind == "agent"]
        customers = [(who, socket_id) for kind, who, socket_id in open_ones if kind == "customer"]
        with contextlib.suppress(RedisError):  # presence is unknown while Redis is away; the next report restores it
            await asyncio.get_running_loop().run_in_executor(self._thread, presence.report, agents, customers)

    async def _recheck(self, sockets: Iterable[Socket]) -> None:
        held = {s: s.authority for s in sockets if s.authority is not None}
        if not held:
            return
        with contextlib.suppress(DatabaseError):  # not known now; the next recheck tells
            gone = await database_sync_to_async(lapsed, thread_sensitive=False)(set(held.values()))
            for socket, authority in held.items():
                if authority in gone and socket.authority == authority:
                    socket.hang_up(CLOSE_UNAUTHENTICATED)


_pulse: Pulse | None = None


def pulse() -> Pulse:
    """The pulse of this process."""
    global _pulse
    if _pulse is None or _pulse._loop is not asyncio.get_running_loop():
        _pulse = Pulse()
    return _pulse


def running_pulse() -> Pulse | None:
    """The pulse, if a socket was ever opened here; from any thread."""
    return _pulse
