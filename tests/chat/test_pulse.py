"""The heart-beat has thousands of sockets, and takes them a share at a time."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from chat.sockets.pulse import TICKS, Pulse


class Sitting:
    turn = 0


@pytest.mark.parametrize("turns", [1, 5, TICKS])
async def test_each_socket_has_its_turn_once_in_a_round_and_none_has_all_at_once(turns: int) -> None:
    pulse, sockets = Pulse(), [Sitting() for _ in range(23)]
    some: Any = sockets
    for socket in some:
        pulse.take_in(socket)
    shares: list[list[Any]] = [pulse._share(turn, turns) for turn in range(7, 7 + turns)]
    assert Counter(socket for share in shares for socket in share) == Counter(sockets)
    assert max(len(share) for share in shares) <= 23 // turns + 1
    for task in (pulse._task, pulse.lag._task):
        task.cancel()
    await asyncio.gather(pulse._task, pulse.lag._task, return_exceptions=True)
