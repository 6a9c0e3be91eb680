"""Every address of the desk; each app keeps its own list."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from supportdesk import health, metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.lives),
    path("readyz", health.is_ready),
    path("metrics", metrics.metrics),
    path("admin/", admin.site.urls),
    path("", include("chat.urls")),
    path("demo-shop/", include("demoshop.urls")),
    path("help/", include("knowledge.urls")),
    path("mail/", include("mail.urls")),
    path("api/", include("supportdesk.api.urls")),
]
