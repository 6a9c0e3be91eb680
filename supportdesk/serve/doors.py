"""The sockets a web process listens on: the desk's port, and one of its own where it alone is asked how it is.

Several processes behind one port share a socket that their supervisor bound (WEB_LISTEN_FD): one of them can stop and
another start while connections wait in the kernel, so none is ever refused.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from supportdesk.env import env_int, env_str

BACKLOG = 4096
"""Connections that wait to be accepted; the kernel's somaxconn bounds it too."""
FIRST_FD = 3


class Taken(Exception):
    """The port cannot be listened on. The message says why."""


@dataclass(frozen=True)
class Doors:
    public: socket.socket
    own: socket.socket | None
    own_path: Path | None

    @property
    def all(self) -> list[socket.socket]:
        return [door for door in (self.public, self.own) if door is not None]

    def close(self) -> None:
        for door in self.all:
            door.close()
        if self.own_path is not None:
            self.own_path.unlink(missing_ok=True)


def open_doors() -> Doors:
    """WEB_LISTEN_FD is a listening socket's number; WEB_OWN_SOCKET the path of the own one, without its ending.

    Raises:
        Taken: HOST:PORT cannot be listened on.
    """
    path = own_path(given, os.getpid()) if (given := env_str("WEB_OWN_SOCKET", "")) else None
    return Doors(public_door(), own_door(path) if path else None, path)


def own_path(prefix: str | Path, pid: int) -> Path:
    """Of that process alone: its successor under the same name answers elsewhere while both live."""
    return Path(f"{prefix}.{pid}.sock")


def public_door() -> socket.socket:
    if os.environ.get("WEB_LISTEN_FD"):
        return inherited(env_int("WEB_LISTEN_FD", 0, low=FIRST_FD, high=65535))
    return bound(env_str("HOST", "127.0.0.1"), env_int("PORT", 8000, low=1, high=65535))


def inherited(number: int) -> socket.socket:
    try:
        door = socket.socket(fileno=number)
    except OSError as problem:
        raise Taken(f"WEB_LISTEN_FD={number} is no socket: {problem.strerror}") from problem
    door.set_inheritable(False)
    door.setblocking(False)
    return door


def bound(host: str, port: int) -> socket.socket:
    """Raises OSError, or socket.gaierror if there is no such host."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        door = socket.socket(family, kind, protocol)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
    except OSError as problem:
        raise Taken(f"cannot listen on {host}:{port}: {problem.strerror}") from problem
    door.listen(BACKLOG)
    door.setblocking(False)
    return door


def own_door(path: Path) -> socket.socket:
    """Readable by our own user alone: the folder is private too."""
    with suppress(FileNotFoundError):  # of a process that had this number before
        path.unlink()
    door = socket.socket(socket.AF_UNIX)
    mask = os.umask(0o177)
    try:
        door.bind(os.fspath(path))
    finally:
        os.umask(mask)
    door.listen(16)
    door.setblocking(False)
    return door
