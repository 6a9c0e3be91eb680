"""Many turns at once: a fixed number of queries, and whatever is wrong with one stays with that one."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from agents.models import Agent
from chat import actions
from chat.lifecycle import Reason, State
from chat.models import Conversation, Customer, Inbox, Message
from knowledge import actions as knowledge
from routing import drain, turn
from routing.brains.knowledge import Reply
from routing.claim import Turn, claim
from routing.models import Decision
from supportdesk import bus
from supportdesk.clock import now
from tests.cast import conversation_of, says

QUERIES_A_BATCH = 12
"""Claim, read, live model, settings, limits, flows, knowledge; then, at once: lock, journal (2), columns, decisions."""


@pytest.fixture
def customers(inbox: Inbox) -> list[Customer]:
    body = "## How long delivery takes\nLamps arrive within 2 to 4 working days."
    article = knowledge.save_article(inbox_id=inbox.pk, title="Delivery", body=body, slug="delivery")
    knowledge.publish(article_id=article.pk)
    return [Customer.objects.create(inbox=inbox, name=f"Customer {n}") for n in range(8)]


def all_ask(customers: Sequence[Customer], client_id: str = "ask-000001") -> None:
    for customer in customers:
        says(customer, "How long does delivery take?", client_id)


def queries_of_drain() -> int:
    with CaptureQueriesContext(connection) as captured:
        assert drain.drain()
    sent = [query["sql"] for query in captured.captured_queries]
    return len([sql for sql in sent if not sql.startswith(("SAVEPOINT", "RELEASE", "PREPARE", "SET "))])


def answered() -> int:
    return Message.objects.filter(author_kind="bot").count()


@pytest.mark.django_db
def test_a_batch_costs_the_same_queries_however_many_turns_it_has(customers: list[Customer]) -> None:
    all_ask(customers[:1])
    for_one = queries_of_drain()
    all_ask(customers, "ask-000002")
    assert queries_of_drain() == for_one <= QUERIES_A_BATCH
    assert answered() == 9
    assert Decision.objects.count() == 9


@pytest.mark.django_db
def test_turns_beyond_a_batch_are_routed_by_the_next(
    customers: list[Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drain, "TURNS_MOST", 3)
    all_ask(customers)
    assert drain.drain()
    assert answered() == 8


@pytest.mark.django_db
def test_a_drain_that_stops_early_says_so(customers: list[Customer], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drain, "BATCHES_MOST", 1)
    monkeypatch.setattr(drain, "TURNS_MOST", 5)
    all_ask(customers)
    assert not drain.drain()
    assert drain.drain()


@pytest.mark.django_db
def test_a_stale_turn_is_dropped_alone(customers: list[Customer]) -> None:
    all_ask(customers)
    outcomes = turn.think(claim())
    says(customers[3], "No wait, my account was hacked", "ask-000002")
    actions.request_human(customer_id=customers[5].id)
    drain.act(outcomes)
    assert answered() == 6
    assert conversation_of(customers[3]).routed_seq == 0
    assert drain.drain(), "the one who wrote on is claimed again at once"
    assert conversation_of(customers[3]).state == State.QUEUED
    assert answered() == 6


@pytest.mark.django_db(transaction=True)
def test_a_poisoned_turn_is_handed_over_alone(customers: list[Customer], monkeypatch: pytest.MonkeyPatch) -> None:
    """One answer that PostgreSQL refuses, one turn at which the bot breaks, six that are answered."""
    say = turn.say

    def poisoned(decision: Any, signals: Any, hits: Any, each: Turn) -> Reply | None:
        if each.text == "NUL":
            return Reply("\x00")
        if each.text == "broken":
            raise ZeroDivisionError
        return say(decision, signals, hits, each)

    monkeypatch.setattr(turn, "say", poisoned)
    says(customers[0], "NUL", "ask-000001")
    says(customers[1], "broken", "ask-000001")
    all_ask(customers[2:])
    assert drain.drain()
    assert answered() == 6
    handed_over = [conversation_of(customer) for customer in customers[:2]]
    assert [c.state for c in handed_over] == [State.QUEUED, State.QUEUED]
    packets = [c.current_handoff() for c in handed_over]
    assert [p.reason if p else None for p in packets] == [Reason.BOT_FAILED, Reason.BOT_FAILED]
    assert packets[1] is not None
    assert packets[1].why == "ZeroDivisionError"


@pytest.mark.django_db
def test_a_turn_that_cannot_even_be_handed_over_holds_up_no_other(
    customers: list[Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(**_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(actions, "hand_off", refuses)
    says(customers[0], "Can I talk to a person?", "ask-000001")
    all_ask(customers[1:])
    assert drain.drain()
    assert answered() == 7
    row = conversation_of(customers[0])
    assert (row.state, row.routed_seq) == (State.BOT, 0), "tried again later, and handed over at its deadline"


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_never_take_the_same_turn(customers: list[Customer]) -> None:
    all_ask(customers)
    start = Barrier(4)

    def worker(_: int) -> list[Turn]:
        try:
            start.wait(10)
            return [*claim(2), *claim(2)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        taken = [each.conversation_id for turns in pool.map(worker, range(4)) for each in turns]
    assert len(taken) == len(set(taken))
    assert set(taken) | {each.conversation_id for each in claim()} == {conversation_of(c).id for c in customers}


@pytest.mark.django_db
def test_a_claim_runs_out_by_itself(ana: Customer) -> None:
    says(ana, "hello", "ana-000001")
    assert len(claim()) == 1
    assert claim() == []
    Conversation.objects.update(routing_until=now() - timedelta(milliseconds=1))
    assert len(claim()) == 1


@pytest.mark.django_db
def test_a_state_that_changes_ends_the_claim(ana: Customer, bob: Agent) -> None:
    says(ana, "hello", "ana-000001")
    claim()
    actions.request_human(customer_id=ana.id)
    assert conversation_of(ana).routing_until is None


@pytest.mark.django_db(transaction=True)
def test_each_answer_is_told_once_after_the_commit(customers: list[Customer], monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    all_ask(customers)
    monkeypatch.setattr(bus, "tell", told.extend)
    drain.drain()
    assert len(told) == 8
