"""The two WebSocket addresses."""

from __future__ import annotations

from django.urls import path

from chat.sockets.agent import AgentSocket
from chat.sockets.customer import CustomerSocket

websocket_urlpatterns = [
    path("ws/customer/", CustomerSocket.as_asgi()),
    path("ws/agent/", AgentSocket.as_asgi()),
]
