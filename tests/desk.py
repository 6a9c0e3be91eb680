"""A whole desk of real processes for tests that talk to one: PostgreSQL, Redis, web, worker and beat, started once.

Presence is made impatient, so that a lost agent is noticed within seconds.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

READY_S = 90
STOP_S = 40
IMPATIENT = {
    "MAIL_SETTLES_S": "1",
    "EMAIL_REPLY": "reply@desk.example",
    "PRESENCE_TTL_S": "3",
    "AGENT_GRACE_S": "2",
    "AGENT_HEARTBEAT_S": "1",
}


@dataclass
class Desk:
    """`url` is where it answers; `pids()` are its processes by name."""

    url: str
    var: Path
    process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def ws_url(self) -> str:
        return self.url.replace("http", "ws", 1)

    def pids(self) -> dict[str, int]:
        found: dict[str, int] = json.loads((self.var / "run" / "pids.json").read_text())
        return found

    def kill(self, name: str) -> None:
        """kill -9, as a crash would; the supervisor starts it again."""
        os.kill(self.pids()[name], signal.SIGKILL)

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:  # noqa: S310  # our own desk
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def wait_ready(self, seconds: float = READY_S) -> None:
        until(self.is_ready, seconds, "the desk is not ready")

    def create_token(self, name: str, *scopes: str) -> str:
        """An API token of the whole desk; it may read and write unless told otherwise."""
        asked = [word for scope in scopes or ("read", "write") for word in ("--scope", scope)]
        words = ["manage.py", "create_api_token", name, *asked]
        made = subprocess.run(
            [sys.executable, *words],
            env={**inherited(), "SUPPORTDESK_VAR": str(self.var), **self.services()},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return made.stdout.split()[-1]

    def close_all(self, token: str) -> None:
        """Every open conversation ends, so that nobody of an earlier test waits in the next."""
        with self.database() as connection:
            rows = connection.execute("SELECT id FROM chat_conversation WHERE state <> 'closed'").fetchall()
        for (conversation_id,) in rows:
            request = urllib.request.Request(  # noqa: S310  # our own desk
                f"{self.url}/api/v1/conversations/{conversation_id}/close/",
                b"{}",
                {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
            )
            with urllib.request.urlopen(request, timeout=10):  # noqa: S310  # our own desk
                pass

    def database(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection to the desk's own database, to look at what is stored."""
        return psycopg.connect(self.services()["DATABASE_URL"], autocommit=True)

    def services(self) -> dict[str, str]:
        """What its processes are told of PostgreSQL and Redis."""
        lines = (self.var / "run" / "services.env").read_text().splitlines()
        named = (line.split("=", 1) for line in lines if "=" in line)
        return {name: value.strip("'\"") for name, value in named}


def until(is_so: object, seconds: float, otherwise: str) -> None:
    """Asks every 50 ms until it is so; fails with `otherwise` after `seconds`."""
    assert callable(is_so)
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            pytest.fail(f"{otherwise} after {seconds} s")
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def inherited() -> dict[str, str]:
    """This process's environment without the services that its own tests run on."""
    own = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
    return {name: value for name, value in os.environ.items() if name not in own}


def start(var: Path, **environment: str) -> Desk:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "supportdesk.embedded", "run"],
        env={**inherited(), **IMPATIENT, "SUPPORTDESK_VAR": str(var), "PORT": str(port), **environment},
        stdout=(var / "desk.log").open("wb"),
        stderr=subprocess.STDOUT,
    )
    desk = Desk(f"http://localhost:{port}", var, process)
    until(lambda: says_ready(var) or process.poll() is not None, READY_S, "the desk is not ready")
    if process.poll() is not None:
        pytest.fail((var / "desk.log").read_text())
    return desk


def says_ready(var: Path) -> bool:
    """Its supervisor itself: the port may answer before, but a web process killed then is one that did not start."""
    return "The desk is ready" in (var / "desk.log").read_text(errors="replace")


def stop(desk: Desk) -> None:
    desk.process.send_signal(signal.SIGTERM)
    try:
        desk.process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        desk.process.kill()
        pytest.fail("the desk did not stop")


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    running = start(tmp_path_factory.mktemp("desk"))
    yield running
    stop(running)
