"""uvicorn's WebSocket connection, by shorter ways in and out, and bounded both ways.

uvicorn alone stops and starts reading around every message, builds an object for each frame in and out, and waits for
ever for a reader who reads nothing.
"""

from __future__ import annotations

import asyncio
from asyncio.transports import BaseTransport
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

from supportdesk.serve.bounds import STALLED_S
from supportdesk.serve.frames import Inbox, ends_whole, framed, whole_text


class PromptSocket(WebSocketsSansIOProtocol):
    queue: Any
    _cut: asyncio.TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.queue = Inbox(self.transport.pause_reading, self.transport.resume_reading)
        self._outgoing: list[bytes] = []
        self._is_between_frames = False
        self.read_paused = True  # as far as uvicorn is concerned: when to read is the inbox's to say

    def data_received(self, data: bytes) -> None:
        """Nearly always one whole text frame, which needs no more. All else, in order, is the library's; a connection
        whose frames arrive in parts is the library's from then on."""
        if self._is_between_frames:
            text = whole_text(data)
            if text is not None and self.conn.state is State.OPEN and self.conn.current_size is None:
                if not self.close_sent:
                    self.queue.put_nowait({"type": "websocket.receive", "text": text})
                return
            self._is_between_frames = ends_whole(data)
            super().data_received(data)
        else:
            was_initiated = self.handshake_initiated
            super().data_received(data)
            self._is_between_frames = self.handshake_initiated and not was_initiated

    async def receive(self) -> Any:
        return await self.queue.get()

    async def send(self, message: Any) -> None:
        text = message.get("text")
        if text is None or not self.handshake_complete or self.close_sent:
            self._send_now()
            await super().send(message)
            return
        if not self.writable.is_set():
            await self.writable.wait()
        if self.disconnected or self.transport.is_closing():
            raise ClientDisconnected
        if not self._outgoing:
            self.loop.call_soon(self._send_now)
        self._outgoing.append(framed(text))

    def _send_now(self) -> None:
        """What one turn of the loop had for this socket leaves as one piece."""
        piece = b"".join(self._outgoing)
        self._outgoing.clear()
        if piece and not self.transport.is_closing():
            self.transport.write(piece)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._cut = self.loop.call_later(STALLED_S, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stay()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stay()
        super().connection_lost(exc)

    def _stay(self) -> None:
        if self._cut is not None:
            self._cut.cancel()
