"""One socket of the load: connects, says its greeting frame by frame, answers the server's pings, hears the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Protocol

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

GREETED_WITHIN_S = 60.0
PING, PONG = b'{"type":"ping"', b'{"id":0,"type":"ping"}'
REPLY = b'{"id":'


class Listener(Protocol):
    """What is done with what a seat hears beyond its greeting."""

    def replied(self, text: bytes) -> None: ...
    def pushed(self, seat: Seat, text: bytes) -> None: ...
    def hung_up(self, code: str) -> None: ...


class Refused(Exception):
    """A greeting was answered with an error."""


class Seat(WSListener):
    def __init__(self, url: str, headers: Mapping[str, str], greeting: Sequence[str], listener: Listener) -> None:
        self.url, self.headers, self.greeting = url, headers, [frame.encode() for frame in greeting]
        self.listener = listener
        self.transport: WSTransport | None = None
        self._answer: asyncio.Future[bytes] | None = None
        self._closed = asyncio.Event()

    async def take(self) -> None:
        """Connects and greets.

        Raises:
            Refused, OSError, TimeoutError: it has no seat.
        """
        self._closed.clear()
        self.transport, _ = await ws_connect(
            lambda: self, self.url, extra_headers=self.headers, websocket_handshake_timeout=GREETED_WITHIN_S
        )
        for frame in self.greeting:
            answer = await self.ask(frame)
            if b'"ok":true' not in answer:
                raise Refused(answer.decode(errors="replace")[:200])

    async def ask(self, frame: bytes) -> bytes:
        """The reply to a frame, while nothing else of this seat waits for one."""
        self._answer = asyncio.get_running_loop().create_future()
        self.say(frame)
        async with asyncio.timeout(GREETED_WITHIN_S):
            answer: bytes = await self._answer
        return answer

    def say(self, frame: bytes) -> None:
        assert self.transport is not None  # taken
        self.transport.send(WSMsgType.TEXT, frame)

    async def leave(self, *, politely: bool = True) -> None:
        """`politely=False`: the connection is cut, as when a network goes away."""
        if self.transport is not None:
            self.transport.disconnect(graceful=politely)
            await self._closed.wait()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type != WSMsgType.TEXT:
            if frame.msg_type == WSMsgType.CLOSE:
                self.listener.hung_up(str(frame.get_close_code()))
                transport.disconnect()
            return
        text = frame.get_payload_as_bytes()
        if text.startswith(REPLY):
            if self._answer is not None:
                if not self._answer.done():
                    self._answer.set_result(text)
                self._answer = None
            else:
                self.listener.replied(text)
        elif text.startswith(PING):
            transport.send(WSMsgType.TEXT, PONG)
        else:
            self.listener.pushed(self, text)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._closed.set()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionResetError("hung up"))
