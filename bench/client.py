"""The load client's process as its parent sees it: started on its own cores, given orders, asked for figures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

Seating = tuple[str, dict[str, str], Sequence[str]]
"""Address, headers and greeting of one socket."""


class LoadFailed(Exception):
    """The message says what the clients were told."""


class Client:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, do: str, **words: Any) -> dict[str, Any]:
        """One order of bench.load.__main__.Load, by its name."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, **words}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise LoadFailed(f"the load client ended at {do!r}")
        figures: dict[str, Any] = json.loads(line)
        return figures

    def sit(self, customers: Sequence[Seating], agents: Sequence[Seating], **words: Any) -> dict[str, Any]:
        figures = self.ask("sit", customers=customers, agents=agents, **words)
        if figures["seated"] < len(customers) + len(agents):
            raise LoadFailed(f"only {figures['seated']} sockets were seated: {figures['problems']}")
        return figures


@contextmanager
def load_client(cores: set[int]) -> Iterator[Client]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.load"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    os.sched_setaffinity(process.pid, cores)
    try:
        yield Client(process)
    finally:
        process.kill()
        process.wait()
