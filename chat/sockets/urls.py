"""The two WebSocket addresses. Only agents come with the console's session cookie."""

from __future__ import annotations

from typing import Any

from channels.auth import AuthMiddlewareStack
from django.urls import path

from chat.sockets.agent import AgentSocket
from chat.sockets.customer import CustomerSocket


def signed_in(socket: Any) -> Any:
    """`socket` with the session and the user of its cookie. The middleware's part in sending is left out: it looks at
    each frame for a session to save, and no frame carries a cookie."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        async def found(resolved: Any, receive: Any, _: Any) -> None:
            await socket(resolved, receive, send)

        await AuthMiddlewareStack(found)(scope, receive, send)

    return application


websocket_urlpatterns = [
    path("ws/customer/", CustomerSocket.as_asgi()),
    path("ws/agent/", signed_in(AgentSocket.as_asgi())),
]
