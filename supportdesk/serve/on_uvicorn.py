"""The desk on uvicorn: for large desks, two to three times as fast on sockets as Daphne."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Generator
from typing import Any

import uvicorn
import uvloop

from supportdesk.serve.bodies import bounded
from supportdesk.serve.bounds import FRAME_BYTES, REQUESTS_END_S
from supportdesk.serve.doors import BACKLOG, Doors
from supportdesk.serve.garbage import settle
from supportdesk.serve.leaving import Leaving
from supportdesk.serve.uvicorn_socket import PromptSocket


class DeskServer(uvicorn.Server):
    """uvicorn's server; the signals are heard by Leaving, and sockets are sent away before they are closed."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        Leaving(asyncio.get_running_loop(), self.stop)
        yield

    async def stop(self, in_a_hurry: asyncio.Event) -> None:
        from chat.sockets import farewell

        try:
            for server in self.servers:
                server.close()
            await farewell.send_away(in_a_hurry)
        finally:
            self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        from chat.sockets import farewell

        await super().shutdown(sockets)
        await farewell.let_go()


def run(doors: Doors) -> None:
    """Until a signal says so and every socket has been sent away."""
    uvloop.install()
    from supportdesk.asgi import application

    wrapped: Any = bounded(application)
    config = uvicorn.Config(
        wrapped,
        ws=PromptSocket,
        ws_max_size=FRAME_BYTES,
        ws_per_message_deflate=False,  # every browser offers it, and it costs 42-88 KB a socket
        ws_ping_interval=None,  # the desk's own ping is both sides' (chat.sockets.pulse)
        lifespan="off",
        backlog=BACKLOG,
        proxy_headers=False,  # supportdesk.forwarded reads them for both servers
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=int(REQUESTS_END_S),
    )
    settle()
    DeskServer(config).run(sockets=doors.all)
