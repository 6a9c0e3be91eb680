"""The door of the web process: HTTP to Django, WebSockets to the chat's consumers."""

import os
import sys

from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application

from supportdesk.forwarded import by_proxies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportdesk.settings")
# Sockets live on one thread, verbs on a few others. Each time the event loop gives up the interpreter for a system
# call, a busy verb may keep it for this long; the default of 5 ms is an age to a loop that serves thousands.
sys.setswitchinterval(0.0005)
http = get_asgi_application()

from chat.sockets.urls import websocket_urlpatterns  # noqa: E402  # models may be imported only after Django is set up

protocols = ProtocolTypeRouter({"http": http, "websocket": URLRouter(websocket_urlpatterns)})
application = by_proxies(protocols, settings.NUM_PROXIES)
