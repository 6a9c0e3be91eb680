"""A client that speaks the protocol over a real WebSocket, for tests: ask, expect, refuse."""

from __future__ import annotations

import itertools
import json
import time
import urllib.request
from collections import deque
from collections.abc import Callable
from http.cookiejar import CookieJar
from typing import Any
from uuid import uuid4

from websockets import Origin
from websockets.sync.client import ClientConnection, connect

from supportdesk.demo import DEMO_PASSWORD, DEMO_SITE_KEY
from tests.desk import Desk

Data = dict[str, Any]


class Refusal(Exception):
    """The server answered with an error."""

    def __init__(self, error: Data) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.code: str = error["code"]
        self.error = error


class Client:
    """One socket. Pushes that arrive while waiting for a reply are kept for `expect`."""

    def __init__(self, desk: Desk, path: str, headers: dict[str, str] | None = None, origin: str | None = None) -> None:
        self._opening = connect(
            desk.ws_url + path,
            additional_headers=headers or {},
            origin=Origin(origin) if origin else None,
            open_timeout=10,
            max_size=2**22,
        )
        self.socket: ClientConnection = self._opening.__enter__()
        self.pushes: deque[Data] = deque()
        self._ids = itertools.count(1)

    def ask(self, type: str, **data: Any) -> Data:  # noqa: A002  # the protocol's word
        identifier = next(self._ids)
        self.socket.send(json.dumps({"id": identifier, "type": type, "data": data}))
        return self.answer(identifier)

    def raw(self, frame: str | bytes) -> Data:
        """Sends it as it is and returns the whole next reply."""
        self.socket.send(frame)
        return self._reply(lambda reply: True)

    def answer(self, identifier: object) -> Data:
        reply = self._reply(lambda reply: reply["id"] == identifier)
        if not reply["ok"]:
            raise Refusal(reply["error"])
        found: Data = reply["data"]
        return found

    def _reply(self, is_it: Callable[[Data], bool]) -> Data:
        while True:
            frame = self._next(10)
            if "ok" not in frame:
                self.pushes.append(frame)
            elif is_it(frame):
                return frame

    def expect(self, type: str, when: Callable[[Data], bool] = lambda data: True, seconds: float = 15) -> Data:  # noqa: A002
        """The next push of this type for which `when` holds; earlier ones are passed over."""
        end = time.monotonic() + seconds
        while True:
            push = self.pushes.popleft() if self.pushes else self._next(end - time.monotonic())
            if push.get("type") == type and when(push["data"]):
                found: Data = push["data"]
                return found

    def _next(self, seconds: float) -> Data:
        frame: Data = json.loads(self.socket.recv(timeout=max(0.01, seconds)))
        if frame.get("type") == "ping":
            self.socket.send(json.dumps({"id": "pong", "type": "ping", "data": {}}))
        return frame

    def close(self) -> None:
        self._opening.__exit__(None, None, None)


class CustomerClient(Client):
    def __init__(self, desk: Desk, token: str | None = None, origin: str | None = None, **opening: Any) -> None:
        super().__init__(desk, "/ws/customer/", origin=origin)
        wanted = {"site_key": DEMO_SITE_KEY, **opening} | ({"token": token} if token else {})
        self.session = self.ask("session.open", **wanted)

    def says(self, text: str) -> Data:
        return self.ask("message.post", client_id=uuid4().hex, text=text)


class AgentClient(Client):
    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__(desk, "/ws/agent/", headers={"Cookie": sign_in(desk, name)}, origin=desk.url)
        self.session = self.ask("session.open")

    def available(self) -> None:
        self.ask("availability.set", availability="available")

    def away(self) -> None:
        self.ask("availability.set", availability="away")


def sign_in(desk: Desk, name: str) -> str:
    """The Cookie header of a signed-in agent."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"{desk.url}/api/v1/session/"
    try:
        body = opener.open(address, timeout=10).read()
    except urllib.error.HTTPError as unauthenticated:
        body = unauthenticated.read()
    token = json.loads(body)["csrf_token"]
    request = urllib.request.Request(  # noqa: S310  # our own desk
        address,
        json.dumps({"username": name, "password": DEMO_PASSWORD}).encode(),
        {"Content-Type": "application/json", "X-CSRFToken": token, "Referer": desk.url},
    )
    opener.open(request, timeout=10)
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
