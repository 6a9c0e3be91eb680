"""How a web process stops: it accepts nobody, sends its sockets away, stores what it has received, and ends.

SIGTERM moves the sockets one after the other, so that those who take them over are not overrun. SIGINT, or a second
signal, tells all of them at once and when to come back.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine

Stop = Callable[[asyncio.Event], Coroutine[None, None, None]]


class Leaving:
    """Lives on the server's event loop from its start; `stop` is run once, at the first signal."""

    def __init__(self, loop: asyncio.AbstractEventLoop, stop: Stop) -> None:
        self._loop = loop
        self._stop = stop
        self._task: asyncio.Task[None] | None = None
        self.in_a_hurry = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.hear, number)

    def hear(self, number: signal.Signals) -> None:
        if number == signal.SIGINT or self._task is not None:
            self.in_a_hurry.set()
        if self._task is None:
            self._task = self._loop.create_task(self._stop(self.in_a_hurry), name="leaving")
