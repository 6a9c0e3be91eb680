"""A web process that is asked to stop sends its sockets away first, spread over a while; nothing of theirs is lost."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from chat.fanout import hub
from chat.protocol import CLOSE_GOING_AWAY, GoingAway
from chat.sockets.pulse import pulse
from chat.writer import writer

if TYPE_CHECKING:
    from chat.sockets.base import Socket

MOVED_PER_S = 200
"""Sockets that go, and come back elsewhere, in a second: 5,000 in 25 s. Opening a session costs some queries."""
BACK_WITHIN_MS = 1_000
"""Each comes back at a moment of its own within this; where all go at once, within as long as all of them need."""
ANSWERED_WITHIN_S = 3.0
"""How long a socket's command may take to be answered before it is closed all the same; the client sends it again."""
CLOSED_WITHIN_S = 5.0
LOOK_EVERY_S = 0.02


async def send_away(in_a_hurry: asyncio.Event) -> None:
    """Until every socket is closed: some at a time, each served until its turn; in a hurry, all at once."""
    partings: dict[Socket, asyncio.Task[None]] = {}
    while staying := list(pulse().sockets - partings.keys()):
        if in_a_hurry.is_set():
            leaving, within_ms = staying, max(BACK_WITHIN_MS, len(staying) * 1000 // MOVED_PER_S)
        else:
            leaving = random.sample(staying, min(len(staying), int(MOVED_PER_S * LOOK_EVERY_S)))
            within_ms = BACK_WITHIN_MS
        partings.update({socket: asyncio.create_task(part_from(socket, within_ms)) for socket in leaving})
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(in_a_hurry.wait(), LOOK_EVERY_S)
    await asyncio.gather(*partings.values())
    await until(lambda: not pulse().sockets, within_s=CLOSED_WITHIN_S)


async def part_from(socket: Socket, within_ms: int) -> None:
    """What it has asked is answered first."""
    socket.push("going_away", GoingAway(retry_after_ms=random.randrange(within_ms)))  # a spread, no secret
    await until(lambda: not socket.is_answering, within_s=ANSWERED_WITHIN_S)
    socket.hang_up(CLOSE_GOING_AWAY)


async def let_go() -> None:
    """What was received is stored and told; then the process holds nothing that could be lost."""
    await writer().close()
    await hub().close()


async def until(holds: Callable[[], bool], *, within_s: float) -> None:
    for _ in range(int(within_s / LOOK_EVERY_S)):
        if holds():
            return
        await asyncio.sleep(LOOK_EVERY_S)
