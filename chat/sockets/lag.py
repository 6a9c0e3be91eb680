"""How late this process's event loop is: a short nap, over and over, and how much longer than asked it took."""

from __future__ import annotations

import asyncio
from collections import deque

NAP_S = 0.1
KEPT = 3_000
"""Naps remembered: the last five minutes."""


class Lag:
    """Lives on one event loop; may be read from any thread."""

    def __init__(self) -> None:
        self._late_s: deque[float] = deque(maxlen=KEPT)
        self._task = asyncio.create_task(self._nap(), name="lag")

    async def _nap(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            due = clock() + NAP_S
            await asyncio.sleep(NAP_S)
            self._late_s.append(max(0.0, clock() - due))

    def quantiles(self, *shares: float) -> list[float]:
        """Seconds late, at each share of the naps remembered; zeros before the first."""
        ordered = sorted(self._late_s) or [0.0]
        return [ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in shares]
