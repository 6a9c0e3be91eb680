"""Who runs for this var directory: recorded for tools, and cleared away where a kernel could not do it for us.

A recorded pid is touched only if the process there started when ours did: pids are used again.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from supportdesk.embedded.places import Places

GRACE_S = 10.0
CLOCK_TICK_S = 0.02


def record(places: Places, pids: Mapping[str, int]) -> None:
    """Writes run/pids.json {name: pid}, and beside it when each of them started."""
    started = {name: start for name, pid in pids.items() if (start := started_at(pid)) is not None}
    write_whole(places.pids, json.dumps(dict(pids), indent=1))
    write_whole(births(places), json.dumps(started))


def forget(places: Places) -> None:
    for path in (places.pids, births(places), places.services_env):
        path.unlink(missing_ok=True)


def clear(places: Places) -> None:
    """Ends what a supervisor that was killed has left. Call with the lock held."""
    left = list(recorded(places))
    for process in left:
        if process.is_running():
            end(process, softly=True)
    _, alive = psutil.wait_procs(left, timeout=GRACE_S)
    for process in alive:
        end(process, softly=False)
    psutil.wait_procs(alive, timeout=GRACE_S)
    forget(places)


def recorded(places: Places) -> Iterable[psutil.Process]:
    try:
        pids = json.loads(places.pids.read_text())
        born = json.loads(births(places).read_text())
    except (OSError, ValueError):
        return
    for name, pid in pids.items():
        start = started_at(pid)
        if pid != os.getpid() and start is not None and abs(start - born.get(name, 0)) <= CLOCK_TICK_S:
            yield psutil.Process(pid)


def started_at(pid: int) -> float | None:
    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return None


def end(process: psutil.Process, *, softly: bool) -> None:
    with suppress(psutil.NoSuchProcess):
        process.terminate() if softly else process.kill()


def births(places: Places) -> Path:
    return places.run / "started.json"


def write_whole(path: Path, text: str) -> None:
    """A reader sees the old file or the new one, never a part."""
    handle, fresh = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    Path(fresh).replace(path)
