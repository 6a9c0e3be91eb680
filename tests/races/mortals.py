"""Web and worker processes on the test's own database, killed by -9 wherever they are and started again.

They are what a desk runs: the server of every socket and request, and Celery's worker with its threads.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from django.conf import settings

from tests.desk import free_port

ROOT = Path(__file__).resolve().parents[2]
WEB = [sys.executable, "-m", "supportdesk.serve"]
WORKER = [
    sys.executable, "-m", "celery", "--app", "supportdesk", "--quiet", "worker", "--pool", "threads",
    "--concurrency", "4", "--queues", "routing,default", "--without-gossip", "--without-mingle", "--without-heartbeat",
]  # fmt: skip
OF_EACH = 2
"""So that while one is down another serves."""
UP_WITHIN_S = 60.0


@dataclass
class Mortal:
    """One process. `port` is where a web process listens."""

    kind: str
    command: list[str]
    port: int | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        listens = {"HOST": "127.0.0.1", "PORT": str(self.port)} if self.port else {}
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env={**os.environ, "DATABASE_URL": _database_url(), **listens},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def kill(self) -> None:
        assert self.process is not None
        assert self.process.poll() is None, f"a {self.kind} process ended by itself"
        self.process.kill()
        self.process.wait()

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


class Mortals:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.killed = {"web": 0, "worker": 0}
        self.all = [Mortal("web", WEB, free_port()) for _ in range(OF_EACH)]
        self.all += [Mortal("worker", WORKER) for _ in range(OF_EACH)]

    def __enter__(self) -> Mortals:
        for each in self.all:
            each.start()
        self.await_web()
        return self

    def await_web(self) -> None:
        ends = time.monotonic() + UP_WITHIN_S
        while not all(each.answers() for each in self.all if each.port):
            assert time.monotonic() < ends, "the web processes do not listen"
            time.sleep(0.1)

    def __exit__(self, *_: object) -> None:
        for each in self.all:
            if each.process is not None:
                each.process.kill()
                each.process.wait()

    def kill_one(self) -> None:
        """In turn, and only when the last one is up again, so that of each kind one goes on."""
        self.await_web()
        first = self.all.pop(0 if sum(self.killed.values()) % 2 == 0 else OF_EACH)
        first.kill()
        self.killed[first.kind] += 1
        first.start()
        self.all.insert(OF_EACH - 1 if first.kind == "web" else len(self.all), first)

    def address(self) -> str:
        """Of any web process, be it up or not."""
        return f"http://127.0.0.1:{self.random.choice([each.port for each in self.all if each.port])}"


def _database_url() -> str:
    """This process's own, with the name of the test's database."""
    front, _, name = os.environ["DATABASE_URL"].rpartition("/")
    _, mark, options = name.partition("?")
    return f"{front}/{settings.DATABASES['default']['NAME']}{mark}{options}"
