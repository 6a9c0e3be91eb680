"""By what right a socket is open, and whether it still holds: a session that ended, a token that was revoked and an
agent who was deactivated lose their open sockets within a beat, though nobody announces it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib.sessions.models import Session

from agents import access
from agents.models import Agent
from chat.models import CustomerSession
from supportdesk.clock import now


@dataclass(frozen=True, slots=True)
class Authority:
    """`kind` names the table below; `key` is the session's or token's; `agent_id` where it is an agent's."""

    kind: str
    key: str
    agent_id: int | None = None


def lapsed(held: Iterable[Authority]) -> set[Authority]:
    """Those that do not hold any more. A fixed number of queries, but one a live API token."""
    by_kind: dict[str, set[Authority]] = defaultdict(set)
    for authority in held:
        by_kind[authority.kind].add(authority)
    gone: set[Authority] = set()
    for kind, authorities in by_kind.items():
        valid = VALID[kind]({authority.key for authority in authorities})
        gone |= {authority for authority in authorities if authority.key not in valid}
    agents = {a.agent_id for authorities in by_kind.values() for a in authorities if a.agent_id is not None}
    active = set(Agent.objects.filter(pk__in=agents, user__is_active=True).values_list("pk", flat=True))
    return gone | {a for a in by_kind["cookie"] | by_kind["token"] if a.agent_id not in active}


def _live_customer_sessions(hashes: set[str]) -> set[str]:
    live = CustomerSession.objects.filter(token_hash__in=hashes, revoked_at=None, expires_at__gt=now())
    return set(live.values_list("token_hash", flat=True))


def _live_cookies(keys: set[str]) -> set[str]:
    live = Session.objects.filter(session_key__in=keys, expire_date__gt=now())
    return set(live.values_list("session_key", flat=True))


def _live_tokens(tokens: set[str]) -> set[str]:
    return {token for token in tokens if access.agent_of_token(token) is not None}


VALID: dict[str, Callable[[set[str]], set[str]]] = {
    "customer": _live_customer_sessions,
    "cookie": _live_cookies,
    "token": _live_tokens,
}
