"""A hub's listener that remembers what it heard."""

from __future__ import annotations

import asyncio

from chat.fanout import Hub

PATIENCE_S = 20.0


class Ear:
    def __init__(self) -> None:
        self.heard: list[str] = []
        self.resyncs = 0

    def deliver(self, text: str) -> None:
        self.heard.append(text)

    def resync(self) -> None:
        self.resyncs += 1

    async def hears(self, text: str, saying: Hub, channel: str) -> None:
        """It is said again and again: a push may be lost while a master is replaced."""
        async with asyncio.timeout(PATIENCE_S):
            while text not in self.heard:
                saying.publish(channel, text)
                await asyncio.sleep(0.05)
