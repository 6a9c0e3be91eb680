"""A TCP proxy before the web nodes that can break the network: cut, stall (half-open), delay, drop.

Bytes are passed as they are. TCP never loses bytes silently: a link that dropped some is cut when the drop ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

CHUNK = 65_536
LAG_S = 0.25


@dataclass(frozen=True)
class Spell:
    """Bad weather for some of the links: those of one node (None: all), and of them a share from 0 to 1."""

    kind: str
    node: int | None = None
    share: float = 1.0

    def covers(self, link: Link) -> bool:
        return (self.node is None or self.node == link.node) and link.luck < self.share


@dataclass(eq=False)
class Link:
    """One client's connection and the one to the node that it was given."""

    node: int
    luck: float
    flowing: asyncio.Event = field(default_factory=asyncio.Event)
    kinds: frozenset[str] = frozenset()
    has_lost: bool = False
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    def feel(self, spells: Sequence[Spell]) -> None:
        self.kinds = frozenset(spell.kind for spell in spells if spell.covers(self))
        if "stall" in self.kinds:
            self.flowing.clear()
        else:
            self.flowing.set()
        if "cut" in self.kinds or (self.has_lost and "drop" not in self.kinds):
            self.abort()

    def abort(self) -> None:
        for writer in self.writers:
            writer.transport.abort()
        self.flowing.set()


class Proxy:
    def __init__(self, ports: Sequence[int], chance: random.Random) -> None:
        self.ports, self.chance = ports, chance
        self.port = 0
        self.spells: list[Spell] = []
        self.links: set[Link] = set()
        self._taken = 0
        self._server: asyncio.Server | None = None

    async def start(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        self.spells.clear()
        for link in tuple(self.links):
            link.abort()
        await self._server.wait_closed()

    def begin(self, spell: Spell) -> None:
        self.spells.append(spell)
        self._feel()

    def end(self, spell: Spell) -> None:
        self.spells.remove(spell)
        self._feel()

    def _feel(self) -> None:
        for link in tuple(self.links):
            link.feel(self.spells)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = Link(-1, self.chance.random(), writers=[writer])
        try:
            there = await self._reach(link)
            if there is None:
                return
            self.links.add(link)
            link.feel(self.spells)
            await asyncio.gather(self._pump(link, reader, there[1]), self._pump(link, there[0], writer))
        finally:
            self.links.discard(link)
            link.abort()

    async def _reach(self, link: Link) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """The nodes in turn, as a balancer does: one that refuses connections is passed over."""
        self._taken += 1
        for turn in range(len(self.ports)):
            link.node = (self._taken + turn) % len(self.ports)
            if any(spell.kind == "cut" and spell.covers(link) for spell in self.spells):
                continue
            with contextlib.suppress(OSError):
                found = await asyncio.open_connection("127.0.0.1", self.ports[link.node])
                link.writers.append(found[1])
                return found
        return None

    async def _pump(self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(CHUNK):
                await link.flowing.wait()
                if "drop" in link.kinds or link.has_lost:
                    link.has_lost = True
                    continue
                if "delay" in link.kinds:
                    await asyncio.sleep(LAG_S)
                writer.write(chunk)
                await writer.drain()
        await link.flowing.wait()  # half-open: not even the end of it gets through
        writer.close()
