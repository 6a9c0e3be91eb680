"""The browsable docs: Swagger UI from the package's own files, so that they work offline and under a strict policy."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Swagger UI styles its elements inline; no script of the page is inline."""


class DocsView(SpectacularSwaggerSplitView):
    template_name = "supportdesk/api_docs.html"
    template_name_js = "supportdesk/api_docs.js"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]  # the package is untyped
        response["Content-Security-Policy"] = POLICY
        return response
