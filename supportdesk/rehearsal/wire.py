"""One kept WebSocket: commands with replies, pushes, heartbeats, reconnects with backoff. It knows nothing of chats."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

REPLY_TIMEOUT_S = 10.0
BACKOFF_LOW_S, BACKOFF_HIGH_S = 0.1, 3.0
FRAME_BYTES = 2**22
PASSING = {"rate_limited", "busy", "unavailable"}
INTERNAL_TRIES = 5

Data = dict[str, Any]


class Dropped(Exception):
    """The socket went away before the answer came; whether the command was carried out is not known."""


class DeskGone(Exception):
    """The desk could not be reached for as long as this client is willing to try."""


class Refused(Exception):
    """The desk answered with an error."""

    def __init__(self, command: str, error: Data) -> None:
        super().__init__(f"{command}: {error.get('code')}: {error.get('message')}")
        self.code = str(error.get("code"))
        self.retry_after_s = (error.get("retry_after_ms") or 500) / 1000


class Link:
    """`async with link:` keeps it connected. `greet` runs first on every new socket, `hear` gets every push."""

    def __init__(
        self,
        url: str,
        *,
        origin: str,
        headers: Mapping[str, str] | None = None,
        greet: Callable[[], Awaitable[None]],
        hear: Callable[[str, Data], None],
        patience_s: float = 60.0,
    ) -> None:
        self.url, self.origin, self.headers = url, origin, dict(headers or {})
        self.greet, self.hear, self.patience_s = greet, hear, patience_s
        self.heartbeat_s = 15.0
        self.reply_within_s = REPLY_TIMEOUT_S
        self.connects = 0
        self._ready = asyncio.Event()
        self._failure: Exception | None = None
        self._waiting: dict[int, asyncio.Future[Data]] = {}
        self._last_id = 0
        self._heard_at = self._good_at = 0.0
        self._socket: ClientConnection | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._keeper = asyncio.create_task(self._keep())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._keeper is not None
        self._keeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._keeper

    async def insist(self, command: str, data: Data) -> Data:
        """Sends until it is answered: again after a drop, a silence or a passing refusal, with the very same data."""
        internal = 0
        while True:
            await self.up()
            try:
                return await self.ask(command, data)
            except Dropped:
                await asyncio.sleep(BACKOFF_LOW_S)  # until the keeper has noticed, too
            except TimeoutError:
                await self.hang_up()
            except Refused as refusal:
                internal += refusal.code == "internal"
                if refusal.code not in PASSING and not 0 < internal <= INTERNAL_TRIES:
                    raise
                await asyncio.sleep(refusal.retry_after_s)

    async def ask(self, command: str, data: Data) -> Data:
        """Sends once.

        Raises:
            Dropped, TimeoutError: no answer.
            Refused: the desk said no.
        """
        if self._socket is None:
            raise Dropped(command)
        self._last_id += 1
        id_ = self._last_id
        answer: asyncio.Future[Data] = asyncio.get_running_loop().create_future()
        self._waiting[id_] = answer
        try:
            await self._socket.send(json.dumps({"id": id_, "type": command, "data": data}, ensure_ascii=False))
            async with asyncio.timeout(self.reply_within_s):
                frame = await answer
        except WebSocketException as gone:
            raise Dropped(command) from gone
        finally:
            self._waiting.pop(id_, None)
            if answer.done() and not answer.cancelled():
                answer.exception()  # of a socket that went while the frame was being sent: told by the send
        if not frame["ok"]:
            raise Refused(command, frame["error"])
        reply: Data = frame["data"]
        return reply

    async def up(self) -> None:
        """Waits until the socket is greeted."""
        await self._ready.wait()
        if self._failure:
            raise self._failure

    async def hang_up(self) -> None:
        """Drops a socket that seems half-open; the keeper connects again."""
        if self._socket is not None:
            self._socket.transport.abort()
            await self._socket.wait_closed()

    async def _keep(self) -> None:
        """Connects, again and again, until `patience_s` have passed without one greeted socket."""
        tried, self._good_at = 0, time.monotonic()
        while True:
            was_good_at = self._good_at
            try:
                await self._connect_once()
            except (OSError, WebSocketException, TimeoutError, Dropped) as problem:
                reason: Exception | None = problem
            except Refused as refusal:
                if refusal.code not in PASSING | {"internal"}:
                    return self._give_up(refusal)
                reason = refusal
            except Exception as fault:  # an edge: a frame that breaks the protocol ends this client, loudly
                return self._give_up(fault)
            else:
                reason = None
            if self._good_at > was_good_at:
                tried = 0
            if time.monotonic() - self._good_at > self.patience_s:
                return self._give_up(
                    DeskGone(f"{self.url} was not to be reached for {self.patience_s:.0f} s: {reason!r}")
                )
            ceiling = min(BACKOFF_HIGH_S, BACKOFF_LOW_S * 2**tried)
            tried += 1
            await asyncio.sleep(random.uniform(BACKOFF_LOW_S / 2, ceiling))

    async def _connect_once(self) -> None:
        """One socket's life, from the greeting until it drops."""
        async with connect(
            self.url,
            origin=self.origin,  # type: ignore[arg-type]  # a NewType of str
            additional_headers=self.headers,
            compression=None,
            proxy=None,
            max_size=FRAME_BYTES,
            close_timeout=1,
        ) as self._socket:
            self.connects += 1
            self._heard_at = time.monotonic()
            chores = [asyncio.create_task(self._read(self._socket)), asyncio.create_task(self._beat())]
            try:
                await self.greet()
                self._ready.set()
                await asyncio.wait(chores, return_when=asyncio.FIRST_COMPLETED)
                for chore in chores:
                    if chore.done():
                        chore.result()
            finally:
                if self._ready.is_set():
                    self._good_at = time.monotonic()
                    self._ready.clear()
                self._socket = None
                for chore in chores:
                    chore.cancel()
                await asyncio.gather(*chores, return_exceptions=True)
                for answer in self._waiting.values():
                    if not answer.done():
                        answer.set_exception(Dropped(self.url))

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for raw in socket:
                self._heard_at = time.monotonic()
                frame = json.loads(raw)
                if "id" in frame:
                    answer = self._waiting.get(frame["id"])
                    if answer is not None and not answer.done():
                        answer.set_result(frame)
                elif frame["type"] == "ping":
                    await socket.send(json.dumps({"id": 0, "type": "ping", "data": {}}))
                else:
                    self.hear(frame["type"], frame["data"])
        finally:
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(Dropped(self.url))

    async def _beat(self) -> None:
        """Asks a quiet server whether it lives; the pong also tells of messages whose push was lost."""
        while True:
            await asyncio.sleep(self.heartbeat_s / 3)
            if time.monotonic() - self._heard_at < self.heartbeat_s * 2 / 3:
                continue
            try:
                self.hear("pong", await self.ask("ping", {}))
            except (TimeoutError, Dropped):
                return
            except Refused:
                continue

    def _give_up(self, failure: Exception) -> None:
        self._failure = failure
        self._ready.set()
        self.hear("gone", {})
