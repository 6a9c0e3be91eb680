"""PostgreSQL and Redis for one bench, and one server at a time in front of them on a core of its own.

Where the machine has two cores or more, the server has the first, the load client the others; the services float.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from supportdesk.embedded.services import services

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var" / "bench"
READY_S, STOP_S = 60.0, 30.0
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORES = {CORES[0]}
CLIENT_CORES = set(CORES[1:]) or SERVER_CORES


class ServerDidNotStart(Exception):
    """The message says which and where its log is."""


@dataclass(frozen=True)
class Server:
    url: str
    process: psutil.Process

    @property
    def ws(self) -> str:
        return self.url.replace("http", "ws", 1)

    def rss_kb(self) -> float:
        return float(self.process.memory_info().rss) / 1024

    def cpu_s(self) -> float:
        used = self.process.cpu_times()
        return float(used.user + used.system)


@dataclass(frozen=True)
class Stage:
    """`environment`: where the services are, for every server; `port`: where each in turn listens."""

    environment: Mapping[str, str]
    port: int

    @contextmanager
    def serving(self, name: str, command: Sequence[str], **environment: str) -> Iterator[Server]:
        """Runs a server until the block ends.

        Raises:
            ServerDidNotStart.
        """
        log = VAR / f"{name.replace(' ', '-').replace(',', '')}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                command, cwd=ROOT, env={**self.environment, **environment}, stdout=out, stderr=subprocess.STDOUT
            )
        os.sched_setaffinity(process.pid, SERVER_CORES)  # before it has threads; each takes after it
        try:
            self._await(process, name, log)
            yield Server(f"http://127.0.0.1:{self.port}", psutil.Process(process.pid))
        finally:
            process.send_signal(signal.SIGINT)  # in a hurry: all sockets at once
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _await(self, process: subprocess.Popen[bytes], name: str, log: Path) -> None:
        end = time.monotonic() + READY_S
        while time.monotonic() < end and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise ServerDidNotStart(f"{name} did not start; see {log}")


@contextmanager
def stage() -> Iterator[Stage]:
    """Starts the services on SUPPORTDESK_VAR or a folder of its own, with what earlier benches stored there, and sets
    this process's Django up beside them."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # for the servers, who inherit it
    var, port = Path(os.environ.get("SUPPORTDESK_VAR") or VAR / "stage").absolute(), free_port()
    var.mkdir(parents=True, exist_ok=True)
    os.environ.update(SUPPORTDESK_VAR=str(var), PORT=str(port), DJANGO_SETTINGS_MODULE="supportdesk.settings")
    with services(var) as urls:
        os.environ.update(urls)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield Stage(dict(os.environ), port)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
