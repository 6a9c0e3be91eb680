"""Customers with open sessions and conversations that agents have already taken, written straight into the tables."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from bench.client import Seating
from chat.lifecycle import Owner, State
from chat.models import Conversation, Customer, CustomerSession, Inbox
from chat.sessions import hash_of
from supportdesk.clock import now
from supportdesk.rehearsal.cast import Hired, hire

PER_AGENT = 50
"""As many conversations as an agent's socket listens to."""
LASTS = timedelta(days=1)


@dataclass(frozen=True)
class Cast:
    """Customer k's conversation is `conversations[k]`, with agent k modulo their number."""

    site_key: str
    tokens: list[str]
    conversations: list[Conversation]
    agents: list[Hired]

    def customers(self, ws: str) -> list[Seating]:
        return [(f"{ws}/ws/customer/", {}, [self._session(token)]) for token in self.tokens]

    def agent_seats(self, ws: str) -> list[Seating]:
        opening = command("session.open")
        return [(f"{ws}/ws/agent/", {"Cookie": agent.cookie}, [opening]) for agent in self.agents]

    def _session(self, token: str) -> str:
        return command("session.open", site_key=self.site_key, token=token)


def command(kind: str, **data: object) -> str:
    return json.dumps({"id": 1, "type": kind, "data": data})


@transaction.atomic
def assigned(customers: int, agents: int) -> Cast:
    """A cast of its own, in an inbox of its own; nothing in it falls due within a day.

    The agents are the same ones each time, so what they held before is closed first.
    """
    hired = hire(agents)
    _close_what_they_hold(hired)
    return _cast(Inbox.objects.create(name="Bench"), customers, hired)


@transaction.atomic
def with_bot(inbox: Inbox, customers: int) -> Cast:
    """Customers of an inbox whose bot has their conversations."""
    return _cast(inbox, customers, [])


def _cast(inbox: Inbox, customers: int, hired: list[Hired]) -> Cast:
    moment = now()
    people = Customer.objects.bulk_create([Customer(inbox=inbox) for _ in range(customers)], batch_size=1000)
    tokens = [secrets.token_urlsafe(32) for _ in people]
    CustomerSession.objects.bulk_create(
        [
            CustomerSession(customer=person, token_hash=hash_of(token), expires_at=moment + LASTS)
            for person, token in zip(people, tokens, strict=True)
        ],
        batch_size=1000,
    )
    conversations = Conversation.objects.bulk_create(
        [
            Conversation(
                inbox=inbox,
                customer=person,
                state=State.ASSIGNED if hired else State.BOT,
                owner=Owner.AGENT if hired else Owner.BOT,
                agent_id=hired[number % len(hired)].agent_id if hired else None,
                deadline=moment + LASTS,
            )
            for number, person in enumerate(people)
        ],
        batch_size=1000,
    )
    return Cast(inbox.site_key, tokens, conversations, hired)


def _close_what_they_hold(hired: list[Hired]) -> None:
    held = Conversation.objects.filter(agent__in=[one.agent_id for one in hired], state=State.ASSIGNED)
    held.update(state=State.CLOSED, owner=None, agent=None, deadline=None, closed_at=now())
