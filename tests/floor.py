"""Customers who wait and agents who are there, for tests of queue, dispatch and sweeper, on a flushed Redis."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from agents import presence
from agents.models import Agent
from chat.lifecycle import Owner, State
from chat.models import Conversation, Customer, Inbox
from supportdesk.clock import now
from supportdesk.redis import redis


def waits(inbox: Inbox, since_s: int = 0, **fields: object) -> Conversation:
    """A conversation in the queue since `since_s` seconds ago."""
    return Conversation.objects.create(
        inbox=inbox,
        customer=Customer.objects.create(inbox=inbox),
        state=State.QUEUED,
        owner=Owner.QUEUE,
        deadline=now() + timedelta(seconds=inbox.queue_s),
        waiting_since=now() - timedelta(seconds=since_s),
        **fields,
    )


def is_there(agent: Agent) -> Agent:
    presence.heard(agent.id, "a-tab")
    return agent


def states() -> dict[UUID, str]:
    return dict(Conversation.objects.values_list("id", "state"))


@pytest.fixture
def flushed() -> Iterator[None]:
    redis().flushdb()
    yield
    redis().flushdb()
