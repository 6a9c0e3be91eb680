"""A bound on request bodies for servers that hand them on as they come. Daphne's own is in daphne_http."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from supportdesk.serve.bounds import BODY_BYTES

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Receive, Send], Awaitable[None]]


def bounded(application: Application) -> Application:
    """Ends a request whose body is too long: the application sees a client who went away."""

    async def take(scope: Any, receive: Receive, send: Send) -> None:
        taken = 0

        async def count() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            return message if taken <= BODY_BYTES else {"type": "http.disconnect"}

        await application(scope, count if scope["type"] == "http" else receive, send)

    return take
