"""Waiting for a condition, with a limit, while a stop that is asked for is heard at once."""

from __future__ import annotations

import time
from collections.abc import Callable

from supportdesk.embedded.child import Child
from supportdesk.embedded.problem import Problem

Pause = Callable[[float], None]
LOOK_EVERY_S = 0.02


def until(holds: Callable[[], bool], child: Child, *, within_s: float, pause: Pause = time.sleep) -> None:
    """Raises Problem if the child ends or time runs out first."""
    limit = time.monotonic() + within_s
    while not holds():
        name = child.program.name
        if not child.lives:
            if holds():
                return  # it ended between the two looks, and as it should
            raise Problem(f"{name} did not start: {child.how_it_ended()} (all of it: {child.log.path})")
        if time.monotonic() > limit:
            raise Problem(f"{name} was not ready within {within_s:.0f} s: {child.log.reason()} ({child.log.path})")
        pause(LOOK_EVERY_S)
