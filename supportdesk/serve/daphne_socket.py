"""Daphne's WebSocket connection, sending at once what the kernel takes at once, and bounded both ways."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Any

from autobahn.exception import Disconnected
from autobahn.websocket import protocol as autobahn
from daphne.ws_protocol import WebSocketProtocol

from supportdesk.serve.bounds import STALLED_S
from supportdesk.serve.frames import Event, Outbox

# A twentieth of what opening a socket cost: settings laid out for a debug line that nobody reads.
autobahn.pformat = repr  # type: ignore[attr-defined, assignment]  # the library imported it for itself


class Brake:
    """Told by the transport when its reader falls behind and when it has caught up."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._cut: asyncio.TimerHandle | None = None
        self._held: asyncio.Event | None = None  # made when wanted: half a KB a socket

    @property
    def is_on(self) -> bool:
        return self._held is not None

    async def released(self) -> None:
        while self._held is not None:
            await self._held.wait()

    def pauseProducing(self) -> None:  # noqa: N802  # Twisted's names
        self._held = asyncio.Event()
        self._cut = asyncio.get_running_loop().call_later(STALLED_S, self._transport.abortConnection)

    def resumeProducing(self) -> None:  # noqa: N802
        if self._cut is not None:
            self._cut.cancel()
        if self._held is not None:
            self._held.set()
            self._held = None

    def stopProducing(self) -> None:  # noqa: N802
        """The connection is gone: nobody must go on waiting."""
        self.resumeProducing()


class PromptSocket(WebSocketProtocol):
    """`reply` is the application's send."""

    def onConnect(self, request: Any) -> Any:  # noqa: N802
        self.transport.unregisterProducer()  # the HTTP channel, whose connection this was
        self.brake = Brake(self.transport)
        self.transport.registerProducer(self.brake, True)
        self._outgoing = Outbox(self._write)
        return super().onConnect(request)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803
        if self.muted:
            return
        self.last_ping = time.time()
        content: Event = {"bytes": payload} if isBinary else {"text": payload.decode()}
        self.application_queue.put_nowait({"type": "websocket.receive", **content})

    async def reply(self, event: Event) -> None:
        """Returns at once unless the reader is far behind. After the connection's end it does nothing, as Daphne's."""
        if self.brake.is_on:
            await self.brake.released()
        if event["type"] == "websocket.send" and self.state == self.STATE_OPEN and event.get("text") is not None:
            self._outgoing.put(event["text"])
        elif self.state not in (self.STATE_CLOSED, self.STATE_CLOSING):
            self._outgoing.flush()
            try:
                self.handle_reply(event)
            except Disconnected:
                return

    def onPing(self, payload: bytes) -> None:  # noqa: N802
        """A reader who is behind gets no pongs on top: who floods with pings and reads nothing would pile them up."""
        if not self.brake.is_on:
            super().onPing(payload)

    def _write(self, piece: bytes) -> None:
        transport = self.transport
        if self.state != self.STATE_OPEN:  # nothing follows a close
            return
        if not transport.dataBuffer and not transport._tempDataLen and transport.connected:
            with suppress(OSError):  # full, or broken: the transport finds out which
                piece = piece[transport.socket.send(piece) :]
        if piece:
            transport.write(piece)
