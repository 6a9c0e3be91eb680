"""A web process that is asked to stop says so to its sockets first, so that clients come back spread over a while."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Any

from chat.protocol import CLOSE_GOING_AWAY, GoingAway

if TYPE_CHECKING:
    from chat.sockets.pulse import Pulse

SPREAD_MS = 3_000
FLUSH_S = 0.3
"""Time for what has been said to leave the process."""


async def say(pulse: Pulse) -> None:
    """To every socket, with a moment of its own to come back at."""
    for socket in tuple(pulse.sockets):
        socket.push("going_away", GoingAway(retry_after_ms=random.randrange(SPREAD_MS)))  # a spread, no secret
        socket.hang_up(CLOSE_GOING_AWAY)
    await asyncio.sleep(FLUSH_S)


def before_daphne_stops(pulse: Pulse) -> None:
    """Daphne stops by its reactor; where another server runs, there is none to ask."""
    reactor: Any
    try:
        from twisted.internet import reactor
        from twisted.internet.defer import Deferred
    except ImportError:
        return
    if reactor.running:
        reactor.addSystemEventTrigger(
            "before", "shutdown", lambda: Deferred.fromFuture(asyncio.ensure_future(say(pulse)))
        )
