"""Who an agent is: from a signed-in user or from an API token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agents.models import Agent

TokenLookup = Callable[[str], Agent | None]

_lookups: list[TokenLookup] = []


def accept_tokens(lookup: TokenLookup) -> None:
    """Installs what turns an API token into its agent; called once, by integrations.apps."""
    _lookups[:] = [lookup]


def agent_of_token(token: str) -> Agent | None:
    for lookup in _lookups:
        found = lookup(token)
        if found is not None and found.user.is_active:
            return found
    return None


def agent_of_user(user: Any) -> Agent | None:
    """The agent that this user is; None for an anonymous, inactive or other user."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return None
    return Agent.objects.select_related("user").filter(user_id=user.pk).first()
