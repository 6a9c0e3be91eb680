"""Every address under /api/: version 1 of each app's resources, the schema and its browsable docs."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from supportdesk.api.docs import DocsView
from supportdesk.api.views import NothingHereView

urlpatterns = [
    path("v1/", include("agents.api.urls")),
    path("v1/", include("chat.api.urls")),
    path("v1/", include("routing.api.urls")),
    path("v1/", include("knowledge.api.urls")),
    path("v1/", include("mail.api.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(url_name="schema"), name="docs"),
    re_path(r"^", NothingHereView.as_view()),
]
