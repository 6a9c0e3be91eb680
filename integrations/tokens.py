"""Making, checking and revoking API tokens. The token itself is seen once, by whoever makes it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from agents.api.caller import READ, WRITE, Caller
from agents.models import Agent
from integrations.models import ApiToken
from supportdesk.clock import now

PREFIX = "desk_"
"""Lets people and secret scanners know it when they see it."""
USED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create(*, name: str, scopes: Iterable[str], agent: Agent | None = None) -> str:
    """A new token, in full: it cannot be shown again.

    Raises:
        IntegrityError: a live token has this name.
    """
    token = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(name=name, scopes=sorted(set(scopes)), agent=agent, token_hash=_hash(token))
    return token


def revoke(*, name: str) -> bool:
    """Refused from now on. False if no live token has this name."""
    return ApiToken.objects.filter(name=name, revoked_at=None).update(revoked_at=now()) == 1


def caller_of_token(token: str) -> Caller | None:
    """Who speaks by this token; None for an unknown or revoked one, or one of an agent who may not sign in."""
    found = (
        ApiToken.objects.select_related("agent__user").filter(token_hash=_hash(token), revoked_at=None).first()
        if token.startswith(PREFIX)
        else None
    )
    if found is None or (found.agent is not None and not found.agent.user.is_active):
        return None
    _note_use(found)
    return Caller(found.agent, frozenset(found.scopes), f"token:{found.pk}")


def agent_of_token(token: str) -> Agent | None:
    """Whose socket this token opens: an agent's, and one that may both read and write."""
    caller = caller_of_token(token)
    return caller.agent if caller is not None and caller.scopes >= {READ, WRITE} else None


def _note_use(token: ApiToken) -> None:
    moment = now()
    if token.last_used_at is None or token.last_used_at < moment - USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=moment)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
