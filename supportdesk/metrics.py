"""/metrics: what one web process knows of itself, in Prometheus' words. For whoever reaches the process itself: what
came through a proxy is answered as if nothing were here."""

from __future__ import annotations

from collections import Counter

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from chat.sockets.pulse import running_pulse

SHARES = (0.5, 0.99, 1.0)


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    if "HTTP_X_FORWARDED_FOR" in request.META:
        raise Http404
    return HttpResponse("".join(f"{line}\n" for line in lines()), content_type="text/plain; version=0.0.4")


def lines() -> list[str]:
    pulse = running_pulse()
    lags = pulse.lag.quantiles(*SHARES) if pulse else [0.0] * len(SHARES)
    kinds = Counter(socket.presence_kind for socket in tuple(pulse.sockets)) if pulse else Counter[str]()
    return [
        "# TYPE supportdesk_event_loop_lag_seconds summary",
        *(
            f'supportdesk_event_loop_lag_seconds{{quantile="{share:g}"}} {lag:.6f}'
            for share, lag in zip(SHARES, lags, strict=True)
        ),
        "# TYPE supportdesk_sockets gauge",
        *(f'supportdesk_sockets{{kind="{kind}"}} {kinds[kind]}' for kind in ("customer", "agent")),
    ]
