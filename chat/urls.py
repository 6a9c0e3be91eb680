"""The pages and scripts of the chat; the WebSocket addresses are in chat.sockets.urls."""

from django.urls import path
from django.views.generic import RedirectView

from chat import web

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="shop")),
    path("shop/", web.shop, name="shop"),
    path("favicon.ico", web.icon),
    path("widget.js", web.widget_loader, name="widget-loader"),
    path("widget/<slug:site_key>/", web.widget_frame, name="widget-frame"),
    path("console/", web.console, name="console"),
    path("console/<path:path>", web.console, name="console-page"),
]
