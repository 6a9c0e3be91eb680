"""Who calls: an agent by session or token, or the whole desk by token; and what that caller may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from agents.access import agent_of_user
from agents.models import Agent, Role
from supportdesk.api.refused import Forbidden

READ, WRITE, KNOWLEDGE, MAIL = "read", "write", "knowledge", "mail"
SCOPES = (READ, WRITE, KNOWLEDGE, MAIL)
SUPERVISES = (Role.SUPERVISOR, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Caller:
    """`agent` is None for a token of the whole desk. `key` names the caller to the limits."""

    agent: Agent | None
    scopes: frozenset[str]
    key: str

    def can_supervise(self) -> bool:
        """Sees and changes what is not one agent's own. A desk token was given out by somebody who can."""
        return self.agent is None or self.agent.role in SUPERVISES

    def administers(self) -> bool:
        """Says who is of the desk, and as what. No token of the whole desk does: whoever found one could stay."""
        return self.agent is not None and self.agent.role == Role.ADMIN


def caller_of(request: Request) -> Caller:
    caller = request.auth
    assert isinstance(caller, Caller), "a view without HasScope has no caller"
    return caller


def agent_of(request: Request) -> Agent:
    """The agent in whose name the request acts.

    Raises:
        Forbidden: the token is bound to no agent.
    """
    agent = caller_of(request).agent
    if agent is None:
        raise Forbidden("This needs an agent: use a token that is bound to one (create_api_token --agent).")
    return agent


class AgentSessionAuthentication(SessionAuthentication):
    """The console's session cookie, with CSRF. A user who is no agent has no session here."""

    def authenticate(self, request: Request) -> tuple[Any, Caller] | None:
        found = super().authenticate(request)
        agent = agent_of_user(found[0]) if found else None
        if found is None or agent is None:
            return None
        scopes = SCOPES if agent.role in SUPERVISES else (READ, WRITE)
        return found[0], Caller(agent, frozenset(scopes), f"agent:{agent.pk}")


class HasScope(BasePermission):
    """Reading needs `read`; anything else needs the view's `scope` (`write` unless it says otherwise)."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, Caller):
            return False
        needed = READ if request.method in SAFE_METHODS else getattr(view, "scope", WRITE)
        if needed not in request.auth.scopes:
            raise Forbidden(f"This needs the scope `{needed}`.")
        return True
