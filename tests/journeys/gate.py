"""A proxy before the desk as some offices have it: it lets HTTP through and, while shut, no WebSocket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
CHUNK = 65_536


class Gate:
    """`refused` counts the sockets that were turned away."""

    def __init__(self, desk_url: str) -> None:
        where = urlsplit(desk_url)
        self._desk = (where.hostname or "localhost", where.port or 80)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._upgraded: list[socket.socket] = []
        self.url = f"http://localhost:{self._door.getsockname()[1]}"
        self.is_shut = False
        self.refused = 0

    def shut(self) -> None:
        """Also cuts the sockets that are open."""
        self.is_shut = True
        for line in self._upgraded:
            _cut(line)
        self._upgraded.clear()

    def serve(self) -> None:
        with suppress(OSError):  # closed: the end
            while True:
                caller, _ = self._door.accept()
                threading.Thread(target=self._pass, args=(caller,), daemon=True).start()

    def close(self) -> None:
        _cut(self._door)

    def _pass(self, caller: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            got = caller.recv(CHUNK)
            if not got:
                caller.close()
                return
            head += got
        if b"upgrade: websocket" in head.lower():
            if self.is_shut:
                self.refused += 1
                caller.sendall(REFUSED)
                caller.close()
                return
            self._upgraded.append(caller)
        desk = socket.create_connection(self._desk)
        desk.sendall(head)
        threading.Thread(target=_pump, args=(desk, caller), daemon=True).start()
        _pump(caller, desk)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):  # either side hung up
        while got := source.recv(CHUNK):
            target.sendall(got)
    _cut(source)
    _cut(target)


def _cut(line: socket.socket) -> None:
    with suppress(OSError):  # it is gone already
        line.shutdown(socket.SHUT_RDWR)
    line.close()


@contextmanager
def gate_before(desk_url: str) -> Iterator[Gate]:
    gate = Gate(desk_url)
    threading.Thread(target=gate.serve, daemon=True).start()
    yield gate
    gate.close()
