"""What both sockets share: the receive loop, limits, replies, pushes, the heart-beat's view of them.

Still a Channels consumer (routing, auth, scope), but with a receive loop of its own: AsyncConsumer's dispatch hops to
a thread per message, which costs more than the database does.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar, ParamSpec, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec
from channels.consumer import AsyncConsumer
from channels.db import DatabaseSyncToAsync
from django.db import DatabaseError
from pydantic import BaseModel
from redis.exceptions import RedisError

from chat import fanout
from chat.errors import ChatError, SessionRequired, Unavailable, as_error
from chat.fanout import hub
from chat.lifecycle import IllegalTransition
from chat.protocol import CLOSE_FLOOD, CLOSE_SLOW, CLOSE_TOO_BIG, FRAME_BYTES_HARD, Empty, Error, Frame, Wire
from chat.sockets.authority import Authority
from chat.sockets.parse import Command, CommandTable, Refused, parse
from chat.sockets.pulse import pulse
from chat.sockets.rate import Bucket

log = logging.getLogger(__name__)

OUTGOING_MOST = 2_000
"""Frames waiting for a slow reader before it is cut with CLOSE_SLOW; it resumes by seq."""
OUTGOING_CHARS_MOST = 4_000_000
"""And what they hold in all."""
DATABASE_THREADS = 8
_threads = ThreadPoolExecutor(max_workers=DATABASE_THREADS, thread_name_prefix="verbs")

P = ParamSpec("P")
R = TypeVar("R")


async def in_thread(verb: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Runs a verb that uses the ORM on one of a few threads, off the event loop."""
    run: Any = DatabaseSyncToAsync(verb, thread_sensitive=False, executor=_threads)
    result: R = await run(*args, **kwargs)
    return result


class Socket(AsyncConsumer):
    """One connection. `commands` is its part of the protocol; each command has a method named after it."""

    commands: ClassVar[CommandTable]
    methods: ClassVar[dict[str, str]]
    presence_kind: ClassVar[str]
    heartbeat_s: float
    turn: int
    """Among the sockets of this process, for the pulse."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.methods = {name: name.replace(".", "_") for name in cls.commands}

    def __init__(self) -> None:
        self.socket_id = uuid4().hex[:12]
        self.presence_id: str | None = None
        self.authority: Authority | None = None
        self.opened_at = self.heard_at = time.monotonic()
        self.pinged_at = 0.0
        self.channels: set[str] = set()
        self.is_answering = False
        self._bucket = Bucket(self.opened_at)
        self._outgoing: list[str] = []  # an empty deque has a room of 64: 0.6 KB a socket
        self._outgoing_chars = 0
        self._sender: asyncio.Task[None] | None = None
        self._is_sending = False
        self._close_with: int | None = None

    async def __call__(
        self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Coroutine[Any, Any, None]]
    ) -> None:
        self.scope = scope
        await receive()  # websocket.connect
        await send({"type": "websocket.accept"})
        self._asgi_send = send
        pulse().take_in(self)
        await hub().join(fanout.EVERYONE, self)
        try:
            await self._receive(receive)
        finally:
            pulse().let_go(self)
            if self._sender is not None:
                self._sender.cancel()
            for channel in [fanout.EVERYONE, *self.channels]:
                hub().leave(channel, self)
            with contextlib.suppress(RedisError, DatabaseError):  # presence expires by itself
                await self.left()

    async def _receive(self, receive: Callable[[], Awaitable[Any]]) -> None:
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return
            self.heard_at = moment = time.monotonic()
            wait_ms = self._bucket.take(moment)
            if wait_ms:
                if self._bucket.is_flooded():
                    self.hang_up(CLOSE_FLOOD)
                self._refuse_rate(event.get("text"), wait_ms)
                await asyncio.sleep(0)  # a flood must not keep the loop from other sockets
                continue
            text = event.get("text")
            if text is None:
                self._answer_error(None, Error(code="binary_frame", message="Send text frames, not binary ones."))
            elif len(text) > FRAME_BYTES_HARD:
                self.hang_up(CLOSE_TOO_BIG)
            else:
                self.is_answering = True
                await self._take(parse(text, self.commands))
                self.is_answering = False

    def _refuse_rate(self, text: str | None, wait_ms: int) -> None:
        found = parse(text, self.commands) if text is not None and len(text) < 1024 else None
        message = f"Too many frames. Send this one again in {wait_ms} ms."
        self._answer_error(
            found.id if found else None, Error(code="rate_limited", message=message, retry_after_ms=wait_ms)
        )

    async def _take(self, found: Command | Refused) -> None:
        if isinstance(found, Refused):
            self._answer_error(found.id, found.error)
            return
        try:
            answer = await self.run(found)
        except (ChatError, IllegalTransition) as error:
            self._answer_error(found.id, as_error(error))
        except (DatabaseError, RedisError) as error:
            log.warning("%s: a store is away (%s)", found.type, type(error).__name__)
            self._answer_error(found.id, as_error(Unavailable()))
        except Exception:
            log.exception("%s failed", found.type)
            self._answer_error(found.id, as_error(ChatError()))
        else:
            self.send_text(f'{{"id":{_id(found.id)},"ok":true,"data":{fanout.body_of(answer)}}}')

    async def run(self, command: Command) -> Wire | msgspec.Struct:
        """Calls the method of the command: `message.post` -> `message_post(fields)`.

        Raises:
            ChatError: what refused it.
        """
        if not self.is_open() and command.type not in ("session.open", "ping"):
            raise SessionRequired
        method: Callable[[Any], Awaitable[Wire | msgspec.Struct]] = getattr(self, self.methods[command.type])
        return await method(command.fields)

    def is_open(self) -> bool:
        return self.presence_id is not None

    async def left(self) -> None:
        """The socket is gone; what can be said of it sooner than its presence expires."""

    # --- Sending: never waits ---

    def push(self, type: str, data: BaseModel) -> None:  # noqa: A002  # the protocol's word
        self.send_text(fanout.frame(type, data))

    def deliver(self, text: str) -> None:
        self.send_text(text)

    def resync(self) -> None:
        self.push("resync", Empty())

    def send_text(self, text: str) -> None:
        """A reader who keeps up is sent to at once; for one who does not, frames wait, up to a bound."""
        if self._close_with is not None:
            return
        if self._sender is None and not self._is_sending:
            self._send_now({"type": "websocket.send", "text": text})
        elif len(self._outgoing) >= OUTGOING_MOST or self._outgoing_chars > OUTGOING_CHARS_MOST:
            self._outgoing.clear()
            self.hang_up(CLOSE_SLOW)
        else:
            self._outgoing.append(text)
            self._outgoing_chars += len(text)

    def hang_up(self, code: int) -> None:
        if self._close_with is not None:
            return
        self._close_with = code
        if self._sender is None and not self._is_sending:
            self._send_now({"type": "websocket.close", "code": code})

    def _send_now(self, event: dict[str, Any]) -> None:
        """Runs the server's send up to where it has to wait; if it has to, a task goes on from there."""
        sending = self._asgi_send(event)
        self._is_sending = True
        try:
            waits_for = sending.send(None)
        except StopIteration:
            return
        except (OSError, RuntimeError):  # closed under our hands: the receive loop sees the disconnect
            return
        finally:
            self._is_sending = False
        self._sender = asyncio.create_task(self._go_on(_Begun(sending, waits_for)))

    async def _go_on(self, begun: _Begun) -> None:
        try:
            await begun
            while self._outgoing:
                text = self._outgoing.pop(0)
                self._outgoing_chars -= len(text)
                await self._asgi_send({"type": "websocket.send", "text": text})
            if self._close_with is not None:
                await self._asgi_send({"type": "websocket.close", "code": self._close_with})
        except (OSError, RuntimeError):  # closed under our hands: the receive loop sees the disconnect
            return
        finally:
            self._sender = None

    def _answer_error(self, identifier: int | str | None, error: Error) -> None:
        body = error.model_dump_json(exclude_none=True)
        self.send_text(f'{{"id":{_id(identifier)},"ok":false,"error":{body}}}')

    # --- Channels ---

    async def listen(self, channel: str) -> None:
        if channel not in self.channels:
            self.channels.add(channel)
            await hub().join(channel, self)

    async def unlisten(self, channel: str) -> None:
        if channel in self.channels:
            self.channels.discard(channel)
            hub().leave(channel, self)

    def origin(self) -> str | None:
        """The page's origin as the browser says it; None where no browser is."""
        for name, value in self.scope["headers"]:
            if name == b"origin":
                return str(value.decode("latin-1")).rstrip("/")
        return None

    def address(self) -> str:
        """Where the connection comes from; behind a proxy, what Daphne's --proxy-headers made of it."""
        client = self.scope.get("client")
        return str(client[0]) if client else ""

    def is_same_origin(self) -> bool:
        """The socket was opened by a page of this very host (the console), or by no page at all."""
        origin = self.origin()
        if origin is None:
            return True
        host = next((value.decode("latin-1") for name, value in self.scope["headers"] if name == b"host"), "")
        return bool(host) and urlsplit(origin).netloc.lower() == host.lower()


class _Begun:
    """A coroutine that has been run up to its first wait, for a task to go on with."""

    def __init__(self, coroutine: Coroutine[Any, Any, None], waits_for: Any) -> None:
        self._coroutine, self._waits_for = coroutine, waits_for

    def __await__(self) -> Generator[Any, Any, None]:
        yield self._waits_for
        yield from self._coroutine.__await__()


def _id(identifier: int | str | None) -> str:
    return (
        Frame.__pydantic_serializer__.to_json(identifier).decode()
        if isinstance(identifier, str)
        else ("null" if identifier is None else str(identifier))
    )
