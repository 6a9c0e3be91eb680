"""The two WebSocket addresses. Only agents come with the console's session cookie."""

from __future__ import annotations

from channels.auth import AuthMiddlewareStack
from django.urls import path

from chat.sockets.agent import AgentSocket
from chat.sockets.customer import CustomerSocket

websocket_urlpatterns = [
    path("ws/customer/", CustomerSocket.as_asgi()),
    path("ws/agent/", AuthMiddlewareStack(AgentSocket.as_asgi())),
]
