"""A relay between a client and a node that lies: it reads every frame and may change, double, hold back or forge it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Literal

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from supportdesk.rehearsal.wire import Data

Side = Literal["client", "server"]
Lie = Callable[[Side, Data], list[tuple[Side, Data]]]
"""(who sent it, the frame) -> the frames that go on, and to whom."""


def passes_on(sender: Side, frame: Data) -> list[tuple[Side, Data]]:
    return [("server" if sender == "client" else "client", frame)]


@asynccontextmanager
async def relay(node: str, lie: Lie) -> AsyncIterator[str]:
    """The address of the relay before the node at `node` (http://host:port)."""

    async def between(client: ServerConnection) -> None:
        assert client.request is not None
        async with connect("ws" + node.removeprefix("http") + client.request.path, origin=Origin(node)) as server:
            ends = {"client": client, "server": server}

            async def carry(sender: Side) -> None:
                with suppress(ConnectionClosed):
                    async for raw in ends[sender]:
                        for to, frame in lie(sender, json.loads(raw)):
                            await ends[to].send(json.dumps(frame))

            carrying = {asyncio.create_task(carry("client")), asyncio.create_task(carry("server"))}
            await asyncio.wait(carrying, return_when=asyncio.FIRST_COMPLETED)
            for task in carrying:
                task.cancel()

    async with serve(between, "127.0.0.1", 0) as listening:
        (bound,) = listening.sockets
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
