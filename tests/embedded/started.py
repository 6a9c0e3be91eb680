"""`python -m supportdesk.embedded` as a person starts it: a process of its own, its lines, and who runs for it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 60.0
GIVEN_TO_TESTS = ("DATABASE_URL", "REDIS_URL", "SUPPORTDESK_VAR", "PORT", "PUBLIC_URL", "MAKELEVEL")


class Started:
    def __init__(self, var: Path, *words: str, **env: str) -> None:
        self.var = var
        var.parent.mkdir(parents=True, exist_ok=True)
        clean = {name: value for name, value in os.environ.items() if name not in GIVEN_TO_TESTS}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "supportdesk.embedded", *words],
            cwd=ROOT,
            env={**clean, "SUPPORTDESK_VAR": str(var), **env},
            stdout=(var.parent / f"{var.name}.out").open("w"),
            stderr=subprocess.STDOUT,
            text=True,
        )

    @property
    def output(self) -> str:
        return (self.var.parent / f"{self.var.name}.out").read_text()

    def says(self, words: str) -> None:
        eventually(lambda: words in self.output or self.process.poll() is not None)
        assert words in self.output, self.output

    def pids(self) -> dict[str, int]:
        found: dict[str, int] = json.loads((self.var / "run" / "pids.json").read_text())
        return found

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def ends(self) -> int:
        return self.process.wait(PATIENCE_S)

    def stopped(self) -> None:
        """For clean-up after a test, passed or failed."""
        if self.process.poll() is None:
            self.process.terminate()
            self.ends()


def eventually(holds: Callable[[], bool]) -> None:
    limit = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < limit, "it did not come about"
        time.sleep(0.05)


def all_end(processes: list[psutil.Process]) -> bool:
    return not psutil.wait_procs(processes, timeout=PATIENCE_S)[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
