"""Replaces the web processes of a desk that runs: asks its supervisor, and waits until it has been done."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time

from supportdesk.embedded.places import Places
from supportdesk.embedded.problem import Problem

LOOK_EVERY_S = 0.1
WITHIN_S = 150.0
"""For each process: it starts, and the one before it sends thousands of sockets away."""


def web(places: Places) -> None:
    """Raises Problem if no desk runs there, or if a process could not be replaced."""
    supervisor, before = supervisor_of(places), web_pids(places)
    os.kill(supervisor, signal.SIGUSR1)
    limit = time.monotonic() + WITHIN_S * len(before)
    while not is_replaced(before, now := web_pids(places)):
        if not is_held(places):
            raise Problem("the desk ended")
        if time.monotonic() > limit:
            raise Problem(f"not all web processes were replaced ({now}): the desk's own output says why")
        time.sleep(LOOK_EVERY_S)


def is_replaced(before: dict[str, int], now: dict[str, int]) -> bool:
    return now.keys() == before.keys() and not set(before.values()) & set(now.values())


def web_pids(places: Places) -> dict[str, int]:
    found: dict[str, int] = json.loads(places.pids.read_text())
    return {name: pid for name, pid in found.items() if name.split("-")[0] == "web"}


def supervisor_of(places: Places) -> int:
    try:
        if is_held(places) and web_pids(places):
            return int((places.run / "lock").read_text())
    except (OSError, ValueError):
        pass
    raise Problem(f"no desk runs on {places.var}")


def is_held(places: Places) -> bool:
    with (places.run / "lock").open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        return False
