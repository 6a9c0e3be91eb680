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
from supportdesk.serve.frames import Inbox, Outbox, ends_whole, whole_text


class PromptSocket(WebSocketsSansIOProtocol):
    queue: Any
    _cut: asyncio.TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.queue = Inbox(self.transport.pause_reading, self.transport.resume_reading)
        self._outgoing = Outbox(self._write)
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
            self._outgoing.flush()
            await super().send(message)
            return
        if not self.writable.is_set():
            await self.writable.wait()
        if self.disconnected or self.transport.is_closing():
            raise ClientDisconnected
        self._outgoing.put(text)

    def _write(self, piece: bytes) -> None:
        if self.conn.state is State.OPEN and not self.transport.is_closing():  # nothing follows a close
            self.transport.write(piece)

    def handle_ping(self) -> None:
        """A reader who is behind gets no pongs on top: who floods with pings and reads nothing would pile them up."""
        pongs = b"".join(self.conn.data_to_send())
        if self.writable.is_set():
            self.transport.write(pongs)

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
