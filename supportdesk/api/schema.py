"""The OpenAPI schema: how callers prove who they are, and the error every operation may answer."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string", "description": "For programs; docs/api.md lists them."},
                "message": {"type": "string", "description": "For people: what happened, what to do."},
                "retry_after_ms": {"type": "integer", "description": "With 429 and 503: wait this long."},
                "problems": {
                    "type": "array",
                    "description": "Where several things may be wrong: each with its place.",
                    "items": {
                        "type": "object",
                        "required": ["at", "says"],
                        "properties": {"at": {"type": "string"}, "says": {"type": "string"}},
                    },
                },
            },
        }
    },
}


class Schema(AutoSchema):
    """Groups by resource: /api/v1/customer/session/ is of `customer`."""

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/", 1)[0]]


def add_errors(result: dict[str, Any], generator: object, request: object, public: bool) -> dict[str, Any]:
    """Every operation may answer the one error shape."""
    result.setdefault("components", {}).setdefault("schemas", {})["ApiError"] = ERROR
    answer = {
        "description": "Any failure, with a status that fits its code.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ApiError"}}},
    }
    for operations in result["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict):
                operation["responses"].setdefault("default", answer)
    return result


def add_summaries(result: dict[str, Any], generator: object, request: object, public: bool) -> dict[str, Any]:
    """In a list of operations each says what it does: the first sentence of its description, else its name."""
    for operations in result["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict) and "operationId" in operation:
                said = operation.get("description", "").partition(". ")[0].rstrip(".")
                *what, verb = operation["operationId"].split("_")
                operation.setdefault("summary", said or " ".join([verb, *what]).capitalize())
    return result


class _Bearer(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its registration is untyped
    target_class = "integrations.authentication.ApiTokenAuthentication"
    name = "ApiToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "From `manage.py create_api_token`."}


class _Session(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its registration is untyped
    target_class = "agents.api.caller.AgentSessionAuthentication"
    name = "Session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        from django.conf import settings  # this file is imported while settings load

        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class _Customer(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its registration is untyped
    target_class = "chat.api.authentication.CustomerAuthentication"
    name = "CustomerToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Customer TOKEN`, the token of POST /api/v1/customer/session/.",
        }
