"""What both servers share of one socket: frames as bytes, and what waits for the application, within bounds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from struct import Struct
from typing import Any

from websockets.frames import apply_mask  # type: ignore[attr-defined]  # whichever it has, in C or in Python

from supportdesk.serve.bounds import UNREAD_FRAMES, UNSENT_BYTES

Event = dict[str, Any]

TEXT_FRAME = 0x81
"""A whole text message in one frame (RFC 6455, 5.2)."""
HEAD_LEAST, MASK_BYTES, MASKED = 2, 4, 0x80
IN_TWO, IN_EIGHT = 126, 127
"""Lengths that say: the length is in the next two, or eight, bytes."""
MEDIUM, LONG = Struct("!BBH"), Struct("!BBQ")


def framed(text: str) -> bytes:
    """The one frame of a server's text message."""
    payload = text.encode()
    length = len(payload)
    if length < IN_TWO:
        return bytes((TEXT_FRAME, length)) + payload
    if length < 65536:
        return MEDIUM.pack(TEXT_FRAME, IN_TWO, length) + payload
    return LONG.pack(TEXT_FRAME, IN_EIGHT, length) + payload


def whole_text(piece: bytes) -> str | None:
    """The message, if what has arrived is one whole text frame of a client and nothing else; None for all else, long
    ones too."""
    if len(piece) < HEAD_LEAST + MASK_BYTES or piece[0] != TEXT_FRAME:
        return None
    length, mask_at = piece[1] - MASKED, HEAD_LEAST
    if length == IN_TWO:
        length, mask_at = int.from_bytes(piece[2:4]), HEAD_LEAST + 2
    text_at = mask_at + MASK_BYTES
    if not 0 <= length == len(piece) - text_at or piece[1] == MASKED + IN_EIGHT:
        return None
    try:
        return apply_mask(piece[text_at:], piece[mask_at:text_at]).decode()
    except UnicodeDecodeError:
        return None


def ends_whole(piece: bytes) -> bool:
    """Whether bytes that begin with a frame end with one, too."""
    at = 0
    while len(piece) - at >= HEAD_LEAST:
        second = piece[at + 1]
        extra = {IN_TWO: 2, IN_EIGHT: 8}.get(second % MASKED, 0)
        at += HEAD_LEAST
        length = int.from_bytes(piece[at : at + extra]) if extra else second % MASKED
        at += extra + (MASK_BYTES if second >= MASKED else 0) + length
    return at == len(piece)


class Outbox:
    """Text frames for the connection: what one turn of the loop has leaves as one piece, or as pieces of UNSENT_BYTES,
    so that the transport sees in time that its reader is behind."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._loop = asyncio.get_running_loop()
        self._waiting: list[bytes] = []
        self._bytes = 0

    def put(self, text: str) -> None:
        if not self._waiting:
            self._loop.call_soon(self.flush)
        frame = framed(text)
        self._waiting.append(frame)
        self._bytes += len(frame)
        if self._bytes >= UNSENT_BYTES:
            self.flush()

    def flush(self) -> None:
        if self._waiting:
            piece = b"".join(self._waiting)
            self._waiting.clear()
            self._bytes = 0
            self._write(piece)


class Inbox:
    """What the connection has for the application. Past UNREAD_FRAMES the server stops reading from it."""

    def __init__(self, pause: Callable[[], object], resume: Callable[[], object]) -> None:
        self._pause, self._resume = pause, resume
        self._loop = asyncio.get_running_loop()
        self._waiting: list[Event] = []  # an empty deque has a room of 64: 0.6 KB a socket
        self._reader: asyncio.Future[None] | None = None
        self._is_paused = False

    def put_nowait(self, event: Event) -> None:
        self._waiting.append(event)
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)
        elif len(self._waiting) > UNREAD_FRAMES and not self._is_paused:
            self._is_paused = True
            self._pause()

    async def get(self) -> Event:
        while not self._waiting:
            self._reader = self._loop.create_future()
            await self._reader
        event = self._waiting.pop(0)
        if self._is_paused and not self._waiting:
            self._is_paused = False
            self._resume()
        return event
