"""Real transactions against each other: no double offer, nobody over capacity, one winner of every race."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import Count, Q

from agents.models import Agent
from chat import actions
from chat.errors import AlreadyTaken, ChatError
from chat.facts import Actor
from chat.lifecycle import IllegalTransition, State
from chat.models import Conversation, Event, Inbox, Offer
from routing import queue
from routing.dispatch import dispatch
from routing.sweeper import sweep
from tests.cast import let_deadline_pass, make_agent
from tests.floor import flushed, is_there, waits

__all__ = ["flushed"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("flushed")]


def at_once(*verbs: Callable[[], object]) -> list[object]:
    """Runs each in a thread with a connection of its own, all let go together; returns results or refusals."""
    start = Barrier(len(verbs))

    def run(verb: Callable[[], object]) -> object:
        try:
            start.wait()
            return verb()
        except (ChatError, IllegalTransition) as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def versions_without_gap(row: Conversation) -> bool:
    versions = list(Event.objects.filter(conversation=row).order_by("version").values_list("version", flat=True))
    return versions == list(range(2, Conversation.objects.get(pk=row.pk).version + 1))


def test_ten_dispatchers_never_offer_twice_or_overfill_an_agent(inbox: Inbox) -> None:
    agents = [is_there(make_agent(f"agent{n}", capacity=3)) for n in range(5)]
    rows = [waits(inbox, since_s=n) for n in range(40)]
    queue.rebuild()
    made = at_once(*[dispatch] * 10)
    assert sum(int(str(offers)) for offers in made) == 15
    assert Offer.objects.filter(outcome=None).count() == 15
    load = Agent.objects.annotate(load=Count("offers", filter=Q(offers__outcome=None)))
    assert {agent.load for agent in load} == {3}
    assert all(versions_without_gap(row) for row in rows)
    oldest = sorted(rows, key=lambda row: (row.waiting_since, row.id))[:15]
    offered = set(Conversation.objects.filter(state=State.OFFERED).values_list("pk", flat=True))
    assert {row.id for row in oldest} == offered
    assert len(agents) == 5


@pytest.mark.parametrize("attempt", range(8))
def test_accept_against_expiry_against_close_leaves_one_true_state(inbox: Inbox, bob: Agent, attempt: int) -> None:
    row = waits(inbox)
    actions.offer(conversation_id=row.id, agent_id=is_there(bob).id, why="x")
    let_deadline_pass(row)
    at_once(
        lambda: actions.accept(conversation_id=row.id, agent=bob),
        sweep,
        lambda: actions.close(conversation_id=row.id, actor=Actor("customer", str(row.customer_id))),
        lambda: actions.accept(conversation_id=row.id, agent=bob),
    )
    row.refresh_from_db()
    assert row.state == State.CLOSED, "closing is possible from wherever the others left it"
    assert not Offer.objects.filter(outcome=None).exists()
    assert Offer.objects.count() == 1
    assert versions_without_gap(row)


def test_two_sweeps_and_a_decline_pass_an_offer_on_once(inbox: Inbox, bob: Agent) -> None:
    row = waits(inbox)
    actions.offer(conversation_id=row.id, agent_id=is_there(bob).id, why="x")
    let_deadline_pass(row)
    at_once(sweep, sweep, lambda: actions.decline(conversation_id=row.id, agent=bob))
    row.refresh_from_db()
    assert (row.state, row.version) == (State.QUEUED, 3)


def test_an_agent_lost_twice_is_lost_once(inbox: Inbox, bob: Agent) -> None:
    row = waits(inbox)
    actions.offer(conversation_id=row.id, agent_id=bob.id, why="x")
    actions.accept(conversation_id=row.id, agent=bob)
    lose = lambda: actions.lose_agent(conversation_id=row.id, agent_id=bob.id)  # noqa: E731  # one verb, four threads
    assert sorted(map(bool, at_once(lose, lose, lose, lose))) == [False, False, False, True]


def test_two_offers_for_the_last_free_place_of_an_agent(inbox: Inbox) -> None:
    bob = make_agent("bob", capacity=1)
    rows = [waits(inbox) for _ in range(4)]

    def offer(row: Conversation) -> Callable[[], object]:
        def verb() -> object:
            try:
                return actions.offer(conversation_id=row.id, agent_id=bob.id, why="x")
            except actions.NotFree:
                return AlreadyTaken()

        return verb

    outcomes = at_once(*(offer(row) for row in rows))
    assert sum(isinstance(outcome, Offer) for outcome in outcomes) == 1
