"""Every error as REST answers it: {error: {code, message, retry_after_ms?, problems?}}, with the sockets' codes.

Nothing else maps errors to statuses.
"""

from __future__ import annotations

import logging
import math
from dataclasses import asdict
from typing import Any

import redis
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions as drf
from rest_framework.response import Response

from chat.errors import ChatError, Unavailable, as_error
from chat.lifecycle import IllegalTransition
from supportdesk.api.refused import Refused

log = logging.getLogger(__name__)

STATUS = {
    "unauthenticated": 401,
    "bad_token": 401,
    "token_expired": 401,
    "session_required": 401,
    "forbidden": 403,
    "not_assigned": 403,
    "origin_not_allowed": 403,
    "not_found": 404,
    "already_taken": 409,
    "illegal_transition": 409,
    "client_id_reused": 409,
    "conversation_closed": 409,
    "session_already_open": 409,
    "frame_too_large": 413,
    "rate_limited": 429,
    "internal": 500,
    "busy": 503,
    "unavailable": 503,
}
"""Of the sockets' codes; all others are 400."""

DRF_CODES: tuple[tuple[type[drf.APIException], str, str], ...] = (
    (drf.NotAuthenticated, "unauthenticated", "Sign in, or send an API token as `Authorization: Bearer …`."),
    (drf.AuthenticationFailed, "bad_token", "This token is not valid. It may have been revoked."),
    (drf.ParseError, "bad_json", "The body is not JSON in UTF-8."),
    (drf.NotFound, "not_found", "There is nothing at this address."),
    (drf.MethodNotAllowed, "method_not_allowed", "This address does not know this method."),
    (drf.NotAcceptable, "not_acceptable", "Answers are application/json only."),
    (drf.UnsupportedMediaType, "unsupported_media_type", "Send application/json."),
    (drf.ValidationError, "bad_value", "A value is out of range."),
)


def as_response(problem: Exception, context: dict[str, Any]) -> Response:
    """DRF's EXCEPTION_HANDLER. What nobody expected is logged here and answers `internal`."""
    refused = _as_refused(problem)
    if refused.status >= 500:
        log.error("%s %s", refused.code, _where(context), exc_info=problem)
    error: dict[str, Any] = {"code": refused.code, "message": str(refused)}
    headers = {}
    if refused.problems:
        error["problems"] = [asdict(each) for each in refused.problems]
    if refused.retry_after_ms is not None:
        error["retry_after_ms"] = refused.retry_after_ms
        headers["Retry-After"] = str(math.ceil(refused.retry_after_ms / 1000))
    if isinstance(problem, drf.APIException) and (challenge := getattr(problem, "auth_header", None)):
        headers["WWW-Authenticate"] = challenge
    return Response({"error": error}, status=refused.status, headers=headers)


def _as_refused(problem: Exception) -> Refused:
    if isinstance(problem, Refused):
        return problem
    if isinstance(problem, (OperationalError, InterfaceError, redis.ConnectionError, redis.TimeoutError)):
        problem = Unavailable()
    if isinstance(problem, (ChatError, IllegalTransition)):
        error = as_error(problem)
        return Refused(
            error.code, error.message, status=STATUS.get(error.code, 400), retry_after_ms=error.retry_after_ms
        )
    if isinstance(problem, Http404):
        problem = drf.NotFound()
    if isinstance(problem, RequestDataTooBig):
        return Refused("frame_too_large", "The body is too long.", status=413)
    if isinstance(problem, (drf.PermissionDenied, DjangoPermissionDenied)):
        return _denied(str(problem))
    if isinstance(problem, drf.APIException):
        for kind, code, text in DRF_CODES:
            if isinstance(problem, kind):
                return Refused(code, text, status=problem.status_code)
    return Refused("internal", ChatError.text, status=500)


def _denied(detail: str) -> Refused:
    if detail.startswith("CSRF"):
        return Refused(
            "csrf_failed", "Send the csrf_token of GET /api/v1/session/ as the X-CSRFToken header.", status=403
        )
    return Refused("forbidden", "You may not do that.", status=403)


def _where(context: dict[str, Any]) -> str:
    request = context.get("request")
    return f"{request.method} {request.path}" if request is not None else "?"
