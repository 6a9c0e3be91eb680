"""Its door: WebSockets alone."""

from __future__ import annotations

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.management import call_command
from django.urls import path

django.setup()
call_command("migrate", run_syncdb=True, verbosity=0)

from bench.peers.stock.consumer import ChatConsumer  # noqa: E402  # models may be imported only after Django is set up

application = ProtocolTypeRouter(
    {"websocket": URLRouter([path("ws/<str:chat>/<str:author>/", ChatConsumer.as_asgi())])}
)
