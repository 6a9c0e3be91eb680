"""A real HTTP peer on this machine that behaves as a test wants: answers, drips, fails, says too much."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

DRIP_S = 0.05


@dataclass
class Asked:
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Peer:
    """`answers` are given in turn, the last one again and again: (status, body), or a behaviour of the handler."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def gives(self, *answers: Any) -> None:
        self.answers[:] = answers

    def next(self) -> Any:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Handler(BaseHTTPRequestHandler):
    peer: Peer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.peer.asked.append(Asked(self.path, dict(self.headers), body))
        answer = self.peer.next()
        if callable(answer):
            answer(self)
            return
        status, said = answer
        raw = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *args: Any) -> None:
        """The test run's output is for its tests."""


def drips(handler: BaseHTTPRequestHandler) -> None:
    """A body without end, a byte at a time."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(DRIP_S)
    except OSError:  # the caller has had enough
        return


def drips_its_head(handler: BaseHTTPRequestHandler) -> None:
    try:
        for letter in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 10_000:
            handler.wfile.write(bytes([letter]))
            handler.wfile.flush()
            time.sleep(DRIP_S)
    except OSError:
        return


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.close()


def silent(handler: BaseHTTPRequestHandler) -> None:
    """Says nothing until the caller has gone."""
    handler.connection.settimeout(20)
    try:
        handler.connection.recv(1)
    except OSError:
        return


def floods(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(1000):
            handler.wfile.write(b"x" * 65_536)
    except OSError:
        return


Behaviour = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def peer(settings: Any) -> Iterator[Peer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    port = server.server_address[1]
    running = Peer(f"http://127.0.0.1:{port}")
    server.RequestHandlerClass = type("Mine", (Handler,), {"peer": running})
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    settings.PRIVATE_PEERS = {f"127.0.0.1:{port}"}
    settings.SLOW_TURNS = 0
    yield running
    server.shutdown()
    server.server_close()
