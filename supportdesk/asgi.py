"""The door of the web process: HTTP to Django, WebSockets to the chat's consumers."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportdesk.settings")
http = get_asgi_application()

from chat.sockets.urls import websocket_urlpatterns  # noqa: E402  # models may be imported only after Django is set up

application = ProtocolTypeRouter({"http": http, "websocket": AuthMiddlewareStack(URLRouter(websocket_urlpatterns))})
