"""A desk for the bench: its own processes on its own folder and port, or the running one that was named.

Importing anything of Django's before `running_desk` has set the environment would read another desk's settings.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READY_S, STOP_S = 180.0, 60.0


class DeskDidNotStart(Exception):
    """The message says why and where its log is."""


@contextmanager
def running_desk(url: str | None, tell: Callable[[str], None]) -> Iterator[str]:
    """Yields the desk's address, with this process's Django set up beside it."""
    if url is not None:
        _set_up_django()
        yield url.rstrip("/")
        return
    var, port = ROOT / "var" / "bench" / "desk", _free_port()
    var.mkdir(parents=True, exist_ok=True)
    os.environ.update(SUPPORTDESK_VAR=str(var), PORT=str(port))
    tell(f"starting a desk for the bench on port {port}")
    with (var / "desk.log").open("wb") as log:
        desk = subprocess.Popen([sys.executable, "-m", "supportdesk.embedded", "run"], cwd=ROOT, stdout=log, stderr=log)
    try:
        _wait_until_ready(f"http://localhost:{port}", desk, var / "desk.log")
        _set_up_django()
        yield f"http://localhost:{port}"
    finally:
        desk.send_signal(signal.SIGTERM)
        try:
            desk.wait(STOP_S)
        except subprocess.TimeoutExpired:
            desk.kill()
            desk.wait()


def _wait_until_ready(url: str, desk: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + READY_S
    while time.monotonic() < end:
        if desk.poll() is not None:
            raise DeskDidNotStart(f"the desk ended with {desk.returncode}; see {log}")
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:  # noqa: S310  # our own desk
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise DeskDidNotStart(f"the desk was not ready within {READY_S:.0f} s; see {log}")


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportdesk.settings")
    import django

    django.setup()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
