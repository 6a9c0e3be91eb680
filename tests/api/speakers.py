"""Clients that speak as somebody: bob by his token, the desk by its own, ana by her session."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from agents.models import Agent
from integrations.tokens import create


class Speaker:
    """REST as one caller."""

    def __init__(self, authorization: str) -> None:
        self._client = Client(raise_request_exception=False)
        self._headers = {"Authorization": authorization} if authorization else {}

    def says(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **query: Any
    ) -> tuple[int, Any]:
        """(status, JSON body)."""
        answer = self._client.generic(
            method,
            f"/api/v1/{path}",
            b"" if body is None else _json(body),
            content_type="application/json",
            headers={**self._headers, **(headers or {})},
            query_params={name: str(value) for name, value in query.items()},
        )
        return answer.status_code, answer.json() if answer.content else None

    def get(self, path: str, **query: Any) -> Any:
        status, body = self.says("GET", path, **query)
        assert status == 200, (status, body)
        return body

    def does(self, path: str, body: Any = None, method: str = "POST") -> Any:
        status, answered = self.says(method, path, body)
        assert status in (200, 201, 204), (status, answered)
        return answered

    def is_refused(self, path: str, body: Any = None, method: str = "POST", **query: Any) -> tuple[int, str]:
        """(status, code) of an error, whose shape is checked."""
        status, answered = self.says(method, path, body, **query)
        assert status >= 400, (status, answered)
        assert set(answered) == {"error"}
        assert {"code", "message"} <= set(answered["error"]) <= {"code", "message", "retry_after_ms", "problems"}
        assert answered["error"]["message"]
        return status, answered["error"]["code"]


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()


def agent(who: Agent, *scopes: str) -> Speaker:
    token = create(name=f"{who.name} {scopes}", agent=who, scopes=scopes or ("read", "write"))
    return Speaker(f"Bearer {token}")


def desk(*scopes: str) -> Speaker:
    return Speaker(f"Bearer {create(name=f'desk {scopes}', scopes=scopes or ('read', 'write', 'knowledge'))}")


def customer(site_key: str = "site_test") -> Speaker:
    opened = Speaker("").does("customer/session/", {"site_key": site_key})
    return Speaker(f"Customer {opened['token']}")


def stranger() -> Speaker:
    return Speaker("")
