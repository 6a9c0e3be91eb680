"""A token bucket per socket: what a stranger may send per second. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from django.conf import settings

from chat.protocol import RATE_BURST, RATE_PER_SECOND

PER_SECOND, BURST = RATE_PER_SECOND * settings.SOCKET_RATE_FACTOR, RATE_BURST * settings.SOCKET_RATE_FACTOR

FLOOD_REFUSALS = 5_000
"""Refused frames of one socket before it is cut: answering them is cheap, but not for ever."""


@dataclass(slots=True)
class Bucket:
    """`at` is the moment (monotonic seconds) up to which tokens were counted."""

    at: float
    tokens: float = BURST
    refused: int = 0

    def take(self, moment: float) -> int:
        """0 if a frame may pass, else the milliseconds until one may."""
        self.tokens = min(BURST, self.tokens + (moment - self.at) * PER_SECOND)
        self.at = moment
        if self.tokens >= 1:
            self.tokens -= 1
            return 0
        self.refused += 1
        return ceil((1 - self.tokens) / PER_SECOND * 1000)

    def is_flooded(self) -> bool:
        return self.refused > FLOOD_REFUSALS
