"""Bounds that Daphne does not set: what a socket that is not read may pile up, and how large a request body may grow.

Daphne's send returns at once whatever the reader does, and it takes a whole body in before the application sees a byte.
Both are memory a stranger could fill. Other servers (uvicorn) bound the first by back-pressure, which Socket sees.
"""

from __future__ import annotations

from typing import Any

from daphne.http_protocol import WebRequest
from daphne.ws_protocol import WebSocketProtocol

UNREAD_BYTES = 4 * 1024 * 1024
"""A reader this far behind is cut; it resumes by seq."""
BODY_BYTES = 4 * 1024 * 1024
"""Larger than anything the API takes (supportdesk.api.parsers says what that is)."""


def unread(transport: Any) -> int:
    """Bytes written to a Twisted transport that the kernel has not taken yet."""
    inner = getattr(transport, "transport", transport)
    return len(getattr(inner, "dataBuffer", b"")) - getattr(inner, "offset", 0) + getattr(inner, "_tempDataLen", 0)


def install() -> None:
    """Called once, by supportdesk.asgi."""
    send, take = WebSocketProtocol.serverSend, WebRequest.handleContentChunk

    def bounded_send(self: Any, content: Any, binary: bool = False) -> None:
        if unread(self.transport) > UNREAD_BYTES:
            self.transport.abortConnection()
            return
        send(self, content, binary)

    def bounded_take(self: Any, chunk: bytes) -> None:
        self.taken_bytes = getattr(self, "taken_bytes", 0) + len(chunk)
        if self.taken_bytes > BODY_BYTES:
            self.channel.transport.abortConnection()
            return
        take(self, chunk)

    WebSocketProtocol.serverSend = bounded_send
    WebRequest.handleContentChunk = bounded_take
