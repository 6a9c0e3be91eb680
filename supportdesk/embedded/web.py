"""The web processes: one listening socket that all of them share, and each one's own where it says how it is."""

from __future__ import annotations

import errno
import http.client
import os
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from supportdesk.embedded.child import Child, Program
from supportdesk.embedded.places import Places
from supportdesk.embedded.problem import Problem
from supportdesk.serve.doors import BACKLOG, own_path

SERVERS = ("daphne", "uvicorn")
PROCESSES_MOST = 32
DATABASE_LINKS = 128
"""What all web processes together may open; PostgreSQL has room for 200."""
READY_WITHIN_S = 60.0
LEAVES_WITHIN_S = 60.0
"""A process that is replaced sends its sockets away one after the other: 5,000 take 25 s."""
STOPS_WITHIN_S = 12.0
ASKED_FOR_S = 5.0


@dataclass
class Web:
    """Bind before anything is started: a port that is taken is no reason to start a database."""

    places: Places
    host: str
    port: int
    processes: int = 1
    door: socket.socket = field(init=False)

    def bind(self) -> None:
        """Raises Problem with what to do about it."""
        self.door = listening(self.host, self.port)

    def forget(self) -> None:
        """Own sockets of processes that were killed. Call when none runs."""
        for path in self.places.sockets.glob("web*.sock"):
            path.unlink()

    @property
    def names(self) -> list[str]:
        return ["web"] if self.processes == 1 else [f"web-{number}" for number in range(1, self.processes + 1)]

    def program(self, name: str, env: Mapping[str, str], folder: Path) -> Program:
        """Stopped with the desk, it tells all sockets at once; replaced (SIGTERM), one after the other."""
        doors = {"WEB_LISTEN_FD": str(self.door.fileno()), "WEB_OWN_SOCKET": str(self.own_socket(name))}
        links = env.get("DATABASE_POOL") or str(min(24, DATABASE_LINKS // self.processes))
        return Program(
            name,
            [sys.executable, "-m", "supportdesk.serve"],
            env={**env, **doors, "DATABASE_POOL": links},
            folder=folder,
            stop_signal=signal.SIGINT,
            stop_within_s=STOPS_WITHIN_S,
            files=(self.door.fileno(),),
        )

    def own_socket(self, name: str) -> Path:
        return self.places.sockets / name

    def answers(self, child: Child) -> bool:
        """Whether this very process is ready, whoever else listens on the port."""
        link = http.client.HTTPConnection("localhost", timeout=ASKED_FOR_S)
        try:
            link.sock = socket.socket(socket.AF_UNIX)
            link.sock.settimeout(ASKED_FOR_S)
            link.sock.connect(os.fspath(own_path(self.own_socket(child.program.name), child.pid)))
            link.request("GET", "/readyz")
            return link.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            link.close()


def listening(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        door = socket.socket(family, kind, protocol)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
        door.listen(BACKLOG)
    except socket.gaierror as problem:
        raise Problem(f"HOST={host} is no address of this machine") from problem
    except OSError as problem:
        raise Problem(why_not(problem, host, port)) from problem
    return door


def why_not(problem: OSError, host: str, port: int) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"port {port} is in use by another program: run `make run PORT={port + 1 if port < 65535 else 8000}`"
    if problem.errno == errno.EACCES:
        return f"port {port} needs root: choose one above 1023 with PORT"
    return f"cannot listen on {host}:{port}: {problem.strerror}"


def refuse_unknown_server(name: str) -> None:
    if name not in SERVERS:
        raise Problem(f"SERVER={name} is none of: {', '.join(SERVERS)}")
