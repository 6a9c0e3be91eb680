"""What both servers share of one socket: frames as bytes, and what waits for the application, within bounds."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from struct import Struct
from typing import Any

from supportdesk.serve.bounds import UNREAD_FRAMES

Event = dict[str, Any]

TEXT_FRAME = 0x81
"""A whole text message in one frame (RFC 6455, 5.2)."""
MEDIUM, LONG = Struct("!BBH"), Struct("!BBQ")


def framed(text: str) -> bytes:
    """The one frame of a server's text message."""
    payload = text.encode()
    length = len(payload)
    if length < 126:
        return bytes((TEXT_FRAME, length)) + payload
    if length < 65536:
        return MEDIUM.pack(TEXT_FRAME, 126, length) + payload
    return LONG.pack(TEXT_FRAME, 127, length) + payload


class Inbox:
    """What the connection has for the application. Past UNREAD_FRAMES the server stops reading from it."""

    def __init__(self, pause: Callable[[], object], resume: Callable[[], object]) -> None:
        self._pause, self._resume = pause, resume
        self._waiting: deque[Event] = deque()
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
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        event = self._waiting.popleft()
        if self._is_paused and not self._waiting:
            self._is_paused = False
            self._resume()
        return event
