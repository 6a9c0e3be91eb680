"""Daphne's WebSocket connection, sending at once what the kernel takes at once, and bounded both ways."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import suppress
from struct import Struct
from typing import Any

from autobahn.exception import Disconnected
from autobahn.websocket import protocol as autobahn
from daphne.ws_protocol import WebSocketProtocol

from supportdesk.serve.bounds import STALLED_S, UNREAD_FRAMES

Event = dict[str, Any]

# A twentieth of what opening a socket cost: settings laid out for a debug line that nobody reads.
autobahn.pformat = repr  # type: ignore[attr-defined, assignment]  # the library imported it for itself

TEXT_FRAME = 0x81
"""A whole text message in one frame (RFC 6455, 5.2)."""
MEDIUM, LONG = Struct("!BBH"), Struct("!BBQ")


def head(length: int) -> bytes:
    if length < 126:
        return bytes((TEXT_FRAME, length))
    return MEDIUM.pack(TEXT_FRAME, 126, length) if length < 65536 else LONG.pack(TEXT_FRAME, 127, length)


class Inbox:
    """What the connection has for the application. Past UNREAD_FRAMES the server stops reading from it."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._waiting: deque[Event] = deque()
        self._reader: asyncio.Future[None] | None = None
        self._is_paused = False

    def put_nowait(self, event: Event) -> None:
        self._waiting.append(event)
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)
        elif len(self._waiting) > UNREAD_FRAMES and not self._is_paused:
            self._is_paused = True
            self._transport.pauseProducing()

    async def get(self) -> Event:
        while not self._waiting:
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        event = self._waiting.popleft()
        if self._is_paused and not self._waiting:
            self._is_paused = False
            self._transport.resumeProducing()
        return event


class Brake:
    """Told by the transport when its reader falls behind and when it has caught up."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._cut: asyncio.TimerHandle | None = None
        self.is_free = asyncio.Event()
        self.is_free.set()

    def pauseProducing(self) -> None:  # noqa: N802  # Twisted's names
        self.is_free.clear()
        self._cut = asyncio.get_running_loop().call_later(STALLED_S, self._transport.abortConnection)

    def resumeProducing(self) -> None:  # noqa: N802
        if self._cut is not None:
            self._cut.cancel()
        self.is_free.set()

    def stopProducing(self) -> None:  # noqa: N802
        """The connection is gone: nobody must go on waiting."""
        self.resumeProducing()


class PromptSocket(WebSocketProtocol):
    """`reply` is the application's send."""

    def onConnect(self, request: Any) -> Any:  # noqa: N802
        self.transport.unregisterProducer()  # the HTTP channel, whose connection this was
        self.brake = Brake(self.transport)
        self.transport.registerProducer(self.brake, True)
        return super().onConnect(request)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803
        if self.muted:
            return
        self.last_ping = time.time()
        content: Event = {"bytes": payload} if isBinary else {"text": payload.decode()}
        self.application_queue.put_nowait({"type": "websocket.receive", **content})

    async def reply(self, event: Event) -> None:
        """Returns at once unless the reader is far behind. After the connection's end it does nothing, as Daphne's."""
        if not self.brake.is_free.is_set():
            await self.brake.is_free.wait()
        if event["type"] == "websocket.send" and self.state == self.STATE_OPEN and event.get("text") is not None:
            self._send_at_once(event["text"])
        elif self.state not in (self.STATE_CLOSED, self.STATE_CLOSING):
            try:
                self.handle_reply(event)
            except Disconnected:
                return

    def _send_at_once(self, text: str) -> None:
        payload = text.encode()
        frame = head(len(payload)) + payload
        transport = self.transport
        if not transport.dataBuffer and not transport._tempDataLen and transport.connected:
            with suppress(OSError):  # full, or broken: the transport finds out which
                frame = frame[transport.socket.send(frame) :]
        if frame:
            transport.write(frame)
