"""The desk on Daphne: its own protocol and server, on uvloop, with frames sent at once and everything bounded.

Daphne as it comes hands each frame to the reactor (two epoll calls and a turn of the loop per frame) and bounds
neither what a socket that is not read piles up, nor what one that floods does, nor a request body.
"""

from __future__ import annotations

import asyncio
from typing import Any

import uvloop
from twisted.internet import asyncioreactor

_loop = uvloop.new_event_loop()
asyncioreactor.install(_loop)  # type: ignore[no-untyped-call]  # Twisted types half of it; before anything of Daphne's: the first reactor stays

import daphne.http_protocol  # noqa: E402
from daphne.server import Server  # noqa: E402
from daphne.ws_protocol import WebSocketFactory  # noqa: E402
from twisted.internet import reactor  # noqa: E402

from supportdesk.serve.bounds import CLOSE_APPLICATION_S, FRAME_BYTES, REQUESTS_END_S  # noqa: E402
from supportdesk.serve.daphne_http import BoundedRequest  # noqa: E402
from supportdesk.serve.daphne_socket import PromptSocket  # noqa: E402
from supportdesk.serve.doors import Doors  # noqa: E402
from supportdesk.serve.frames import Inbox  # noqa: E402
from supportdesk.serve.garbage import settle  # noqa: E402
from supportdesk.serve.leaving import Leaving  # noqa: E402

WITHOUT_END = -1


class DeskServer(Server):
    """Daphne's server; sockets get their messages by a shorter way."""

    connections: dict[Any, dict[str, Any]]

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if scope["type"] != "websocket":
            return super().create_application(protocol, scope)
        inbox = Inbox(protocol.transport.pauseProducing, protocol.transport.resumeProducing)
        scope["asgi"] = {"version": "3.0"}
        running = self.application(scope=scope, receive=inbox.get, send=protocol.reply)
        self.connections[protocol]["application_instance"] = asyncio.ensure_future(running)
        return inbox

    def application_checker(self) -> None:
        """Daphne's look, each second, for applications that ended; shown only those that may have, not every socket."""
        everyone = self.connections
        ending = {protocol: found for protocol, found in everyone.items() if is_ending(found)}
        self.connections = dict(ending)
        try:
            super().application_checker()
        finally:
            for protocol in ending.keys() - self.connections.keys():
                del everyone[protocol]
            self.connections = everyone

    def unanswered(self) -> int:
        """HTTP requests that are being worked on."""
        return sum(
            isinstance(protocol, BoundedRequest)
            and "disconnected" not in found
            and "application_instance" in found
            and not found["application_instance"].done()
            for protocol, found in self.connections.items()
        )


def is_ending(connection: dict[str, Any]) -> bool:
    application = connection.get("application_instance")
    return "disconnected" in connection or (application is not None and application.done())


def run(doors: Doors) -> None:
    """Until a signal says so and every socket has been sent away."""
    asyncio.set_event_loop(_loop)
    from supportdesk.asgi import application  # isort: skip  # sets Django up
    from chat.sockets import farewell

    WebSocketFactory.protocol = PromptSocket
    daphne.http_protocol.WebRequest = BoundedRequest
    server = DeskServer(
        application,
        endpoints=["given below"],
        signal_handlers=False,
        verbosity=0,
        server_name="",
        websocket_timeout=WITHOUT_END,
        websocket_max_message_size=FRAME_BYTES,
        websocket_max_frame_size=FRAME_BYTES,
        application_close_timeout=CLOSE_APPLICATION_S,
    )
    server.endpoints = []  # they are descriptions; ours are sockets
    ports: list[Any] = []

    def listen() -> None:
        adopt: Any = reactor
        ports.extend(adopt.adoptStreamPort(door.fileno(), door.family, server.http_factory) for door in doors.all)

    async def stop(in_a_hurry: asyncio.Event) -> None:
        try:
            for port in ports:
                port.stopListening()
            await farewell.send_away(in_a_hurry)
            await farewell.until(lambda: not server.unanswered(), within_s=REQUESTS_END_S)
            await farewell.let_go()
        finally:
            server.stop()

    server.ready_callable = listen
    Leaving(_loop, stop)
    settle()
    server.run()
