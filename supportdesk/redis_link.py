"""Bare links to Redis for the hot path: hiredis parses whatever has arrived at once, and there is no work per command.

redis-py opens them (addresses, TLS, passwords, Sentinel); its own handling of each command and push costs more than
the rest of a message's way through the process.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Iterable
from typing import Any

import hiredis
from redis.exceptions import RedisError

from supportdesk.redis import raw_connection, words
from supportdesk.redis_pubsub import PLAIN

log = logging.getLogger(__name__)

QUIET_S = 5.0
"""A link that was quiet this long is pinged; one that does not answer for as long again is broken."""
BACKOFF_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0)
KEPT_MOST = 20_000
"""Commands kept while Redis is away; past it the oldest go."""
BROKEN = (RedisError, OSError, TimeoutError, EOFError, hiredis.ProtocolError)
_PONGS: tuple[Any, ...] = ("PONG", ["pong", ""])
_MOVED_ON = ("READONLY", "LOADING", "MASTERDOWN", "NOAUTH", "CLUSTERDOWN", "MOVED")
"""Errors that another try, on a link made anew, may not meet."""


PUBLISH = "PUBLISH"
Command = tuple[str | int, ...]


def pack(*command: str | int) -> bytes:
    packed: bytes = hiredis.pack_command(command)  # type: ignore[arg-type]  # its stub says one word, and means many
    return packed


_PING = pack("PING")


class Link:
    """One connection. Raises one of BROKEN when it is gone. Channels are named as everywhere in the desk, whichever
    words this Redis has for publishing."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        # redis-py has no public way to its streams; what it did to open them is what is wanted of it.
        self._reader: asyncio.StreamReader = connection._reader
        self._writer: asyncio.StreamWriter = connection._writer
        self._parser = hiredis.Reader(encoding="utf-8", errors="replace")
        self._is_pinged = False
        self._words = PLAIN

    @classmethod
    async def open(cls) -> Link:
        connection = await raw_connection()
        await connection.connect()
        link = cls(connection)
        link._words = words()  # known, since there is a connection
        return link

    def write(self, packed: bytes) -> None:
        self._writer.write(packed)

    def send(self, commands: Iterable[Command]) -> None:
        """In one write. PUBLISH leaves in the words of this Redis, all else as it is."""
        if self._words is not PLAIN:
            commands = [self._translated(command) for command in commands]
        self.write(b"".join([pack(*command) for command in commands]))

    def _translated(self, command: Command) -> Command:
        if command[0] != PUBLISH:
            return command
        _, channel, text = command
        return self._words.publish, f"{self._words.tag}{channel}", text

    def subscribe(self, channels: Iterable[str]) -> None:
        self.write(pack(self._words.subscribe, *(self._words.tag + channel for channel in channels)))

    def unsubscribe(self, channel: str) -> None:
        self.write(pack(self._words.unsubscribe, self._words.tag + channel))

    async def heard(self) -> list[tuple[str, str, Any]]:
        """Every push of the next piece that arrives: message, subscribe or unsubscribe; the channel; what it says."""
        found = []
        for push in await self.read():
            if isinstance(push, hiredis.ReplyError):  # as where the slot of the channels has moved
                raise RedisError(str(push))
            kind, channel, content = push
            if self._words is not PLAIN:
                kind, channel = kind.removeprefix("s"), channel.removeprefix(self._words.tag)
            found.append((kind, channel, content))
        return found

    async def read(self) -> list[Any]:
        """Every reply or push of the next piece that arrives; pongs are left out."""
        while True:
            try:
                async with asyncio.timeout(QUIET_S):
                    piece = await self._reader.read(65_536)
            except TimeoutError:
                if self._is_pinged:
                    raise
                self._is_pinged = True
                self.write(_PING)
                continue
            if not piece:
                raise EOFError("Redis closed the link")
            self._is_pinged = False
            self._parser.feed(piece)
            found = []
            while (reply := self._parser.gets()) is not False:
                if reply not in _PONGS:
                    found.append(reply)
            return found

    async def close(self) -> None:
        with contextlib.suppress(*BROKEN):
            await self._connection.disconnect(nowait=True)


class Outgoing:
    """Commands on their way to Redis, whose replies nobody waits for: kept until Redis has answered them, and sent
    again after a break, so each may be carried out twice. What arrives in one turn of the loop leaves in one write."""

    def __init__(self, after_overflow: Command) -> None:
        self._loop = asyncio.get_running_loop()
        self._after_overflow = after_overflow
        self._waiting: deque[Command] = deque()
        self._unanswered: deque[Command] = deque()
        self._link: Link | None = None
        self._is_flushing = self._is_closing = False
        self._is_answered = asyncio.Event()
        self._is_answered.set()
        self._task = asyncio.create_task(self._run(), name="redis outgoing")

    def is_alive(self) -> bool:
        return not self._loop.is_closed() and not self._task.done()

    def put(self, *command: str | int) -> None:
        """From any thread."""
        if asyncio._get_running_loop() is self._loop:
            self._take(command)
        else:
            self._loop.call_soon_threadsafe(self._take, command)

    def _take(self, command: Command) -> None:
        self._waiting.append(command)
        if len(self._waiting) > KEPT_MOST:
            while len(self._waiting) > KEPT_MOST:  # what a broken link had left unanswered came back beside it
                self._waiting.popleft()
            self._waiting[0] = self._after_overflow
        if not self._is_flushing and self._link is not None:
            self._is_flushing = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._is_flushing = False
        if self._link is not None and self._waiting and len(self._unanswered) < KEPT_MOST:
            self._unanswered.extend(self._waiting)
            self._is_answered.clear()
            self._link.send(self._waiting)
            self._waiting.clear()

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                link = self._link = await Link.open()
                if self._is_closing:  # a cancellation may be swallowed while the library connects
                    return
                self._flush()
                while True:
                    for reply in await link.read():
                        self._answered(reply)
                    failures = 0
                    self._flush()
            except BROKEN as error:
                kept = len(self._unanswered) + len(self._waiting)
                if failures == 0:
                    log.warning("outgoing link to Redis broke (%s), keeping %d commands", type(error).__name__, kept)
            except Exception:
                log.exception("outgoing link to Redis failed")
            if self._link is not None:
                await self._link.close()
            self._link = None
            self._waiting.extendleft(reversed(self._unanswered))
            self._unanswered.clear()
            await asyncio.sleep(BACKOFF_S[min(failures, len(BACKOFF_S) - 1)])
            failures += 1

    def _answered(self, reply: Any) -> None:
        if isinstance(reply, hiredis.ReplyError):
            if str(reply).startswith(_MOVED_ON):
                raise RedisError(str(reply))
            log.warning("Redis refused a command: %s", str(reply).split(" ", 1)[0])
        self._unanswered.popleft()
        if not self._unanswered:
            self._is_answered.set()

    async def close(self) -> None:
        """Sends what waits, if Redis is there."""
        self._flush()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                await self._is_answered.wait()
        self._is_closing = True
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        if self._link is not None:
            await self._link.close()
