"""A small desk under a clock that stands still: three agents, five customers, two teams. Whatever a verb tells may be
told now, later, twice, in another order, or never, as if the process had died between the commit and the telling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import time_machine
from django.db import connection, transaction

from agents import presence
from agents.models import Agent, Role, Skill, Team
from chat.actions import NotFree
from chat.errors import ChatError
from chat.lifecycle import IllegalTransition, State
from chat.models import Conversation, Customer, Event, Inbox, Message, Offer
from supportdesk.clock import now
from supportdesk.redis import redis
from tests.cast import make_agent

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
REFUSED = (ChatError, IllegalTransition, NotFree)


class Floor:
    """Lives in one savepoint, which is taken back at the end."""

    def __init__(self) -> None:
        self._clock = time_machine.travel(MONDAY, tick=False)
        self._time = self._clock.start()
        self._before = transaction.savepoint()
        redis().flushdb()
        self.untold: list[Callable[[], object]] = []
        self.ids = iter(range(1, 10**9))
        inbox = Inbox.objects.create(name="Lumen & Oak")
        second = Team.objects.create(name="Second line", accepts_by_itself=True)
        first = Team.objects.create(name="Payments", fallback=second)
        self.teams = [first, second]
        self.customers = [
            Customer.objects.create(inbox=inbox, name=name) for name in ("Ana", "Dan", "Eve", "Ida", "Leo")
        ]
        self.agents = [make_agent("bob", capacity=1), make_agent("carol", capacity=1), make_agent("sam", capacity=2)]
        self.agents[0].teams.add(first)
        self.agents[2].teams.add(second)
        Agent.objects.filter(name="Sam").update(role=Role.SUPERVISOR)
        self.agents[2].skills.add(Skill.objects.create(name="fraud"))
        self.online: set[int] = set()

    def close(self) -> None:
        transaction.savepoint_rollback(self._before)
        connection.run_on_commit.clear()
        redis().flushdb()
        self._clock.stop()

    def passes(self, seconds: float) -> None:
        self._time.shift(timedelta(seconds=seconds))
        self.heard()

    def heard(self) -> None:
        presence.heard_many((pk, "tab") for pk in self.online)

    def does(self, verb: Callable[..., object], *, told: str = "now", **asked: Any) -> bool:
        """Runs a verb as one transaction; a refusal leaves everything as it was. Whether it was done."""
        start = len(connection.run_on_commit)
        try:
            with transaction.atomic():
                verb(**asked)
        except REFUSED:
            return False
        finally:
            facts = [entry[1] for entry in connection.run_on_commit[start:]]
            del connection.run_on_commit[start:]
            if told == "now":
                self.tell(facts)
            elif told == "later":
                self.untold += facts
        return True

    def tell(self, facts: Sequence[Callable[[], object]]) -> None:
        """What these lead to, and what that leads to."""
        while facts:
            start = len(connection.run_on_commit)
            for fact in facts:
                fact()
            facts = [entry[1] for entry in connection.run_on_commit[start:]]
            del connection.run_on_commit[start:]

    def open_ones(self) -> list[Conversation]:
        return list(Conversation.objects.open().order_by("id"))


# --- What must hold after every step ----------------------------------------------------------------------------------


def nobody_is_offered_twice() -> None:
    live = list(Offer.objects.filter(outcome=None).values_list("conversation_id", flat=True))
    offered = set(Conversation.objects.filter(state=State.OFFERED).values_list("pk", flat=True))
    assert len(live) == len(set(live)), "two live offers of one conversation"
    assert set(live) == offered, "a live offer without its conversation, or the other way round"


def nobody_has_more_than_he_can() -> None:
    held: dict[int, list[int]] = {}
    for agent_id, units in Conversation.objects.filter(state=State.ASSIGNED).values_list("agent_id", "units"):
        held.setdefault(agent_id or 0, []).append(units)
    for agent_id, units in Offer.objects.filter(outcome=None).values_list("agent_id", "conversation__units"):
        held.setdefault(agent_id, []).append(units)
    for agent in Agent.objects.filter(pk__in=held):
        load = held[agent.pk]
        assert len(load) == 1 or sum(load) <= agent.capacity, (agent.name, load)


def everything_is_numbered_without_gaps() -> None:
    for row in Conversation.objects.all():
        versions = list(Event.objects.filter(conversation=row).order_by("version").values_list("version", flat=True))
        assert versions == list(range(1, row.version + 1)), row
        seqs = list(Message.objects.filter(conversation=row).order_by("seq").values_list("seq", flat=True))
        assert seqs == list(range(1, row.last_seq + 1)), row


def every_open_one_has_an_owner_and_a_deadline_that_is_acted_on(sweep: Callable[[], object]) -> None:
    """The database itself refuses an open row without owner or deadline; what has passed, the next sweep acts on."""
    passed = _passed()
    if passed:
        before = transaction.savepoint()
        start = len(connection.run_on_commit)
        sweep()
        stuck = _passed() & passed
        transaction.savepoint_rollback(before)
        del connection.run_on_commit[start:]
        assert not stuck, "a deadline that no sweep acts on"


def _passed() -> set[tuple[UUID, int, datetime | None]]:
    return set(Conversation.objects.open().filter(deadline__lt=now()).values_list("pk", "version", "deadline"))
