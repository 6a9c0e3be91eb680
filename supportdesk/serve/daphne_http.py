"""Daphne's HTTP requests with a bound: it takes a whole body in before the application sees a byte."""

from __future__ import annotations

from daphne.http_protocol import WebRequest

from supportdesk.serve.bounds import BODY_BYTES


class BoundedRequest(WebRequest):
    """Ends the connection of a body that is too long."""

    taken_bytes = 0

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802  # Twisted's name
        self.taken_bytes += len(data)
        if self.taken_bytes > BODY_BYTES:
            self.channel.transport.abortConnection()
            return
        super().handleContentChunk(data)
