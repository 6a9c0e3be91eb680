"""The pages and scripts a browser loads: the widget's loader and frame, the console, the demo shop.

They are files of the frontend's build with the right headers; nothing here knows of conversations.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from chat.models import Inbox
from supportdesk.demo import DEMO_SITE_KEY

LOADER_CACHE_S = 300
"""How long a merchant's page may run an older loader."""


@require_safe
def widget_loader(request: HttpRequest) -> HttpResponse:
    """The one script a merchant embeds: a stable name, so a short cache."""
    response = _built("widget.js", "text/javascript")
    response["Cache-Control"] = f"public, max-age={LOADER_CACHE_S}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
@xframe_options_exempt
def widget_frame(request: HttpRequest, site_key: str) -> HttpResponse:
    """The chat inside its frame; only the inbox's own pages may hold it."""
    inbox = Inbox.objects.filter(site_key=site_key).first()
    if inbox is None:
        raise Http404("No inbox has this site key: copy the snippet from the inbox again.")
    response = _built("widget/index.html", "text/html")
    response["Content-Security-Policy"] = _policy(request, " ".join(["'self'", *inbox.allowed_origins]))
    return response


@require_safe
@ensure_csrf_cookie
def console(request: HttpRequest, path: str = "") -> HttpResponse:
    """The agent console; it finds its own way by `path`."""
    response = _built("console/index.html", "text/html")
    response["Content-Security-Policy"] = _policy(request, "'none'")
    return response


@require_safe
def shop(request: HttpRequest) -> HttpResponse:
    """A demo shop that embeds the widget exactly as a merchant would."""
    desk_url = f"{request.scheme}://{request.get_host()}"
    return render(request, "shop.html", {"site_key": DEMO_SITE_KEY, "desk_url": desk_url})


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """For pages that name none: browsers ask for it by this address."""
    response = _built("shop/mark.svg", "image/svg+xml")
    response["Cache-Control"] = f"public, max-age={LOADER_CACHE_S}"
    return response


def _built(name: str, content_type: str) -> HttpResponse:
    path: Path = settings.FRONTEND_DIST / name
    if not path.is_file():
        return HttpResponse("The frontend is not built yet: run `make build`.\n", "text/plain", status=503)
    response = HttpResponse(path.read_bytes(), f"{content_type}; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def _policy(request: HttpRequest, ancestors: str) -> str:
    """Scripts and sockets of this desk only. Styles may be inline: the component libraries set them at run time."""
    host = request.get_host()
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            f"connect-src 'self' ws://{host} wss://{host}",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {ancestors}",
        ]
    )
