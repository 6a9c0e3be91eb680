"""Handling times as the desk measures them, and the interval made of them."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from agents.models import Agent
from chat import actions, handling
from chat.facts import Actor
from chat.lifecycle import Trigger
from chat.models import Customer, Event, HandoffPacket, Inbox
from chat.waits import HANDLING_S, handling_mean, wait_range
from supportdesk.clock import now
from tests.cast import assigned, called_back, queued
from tests.floor import flushed

__all__ = ["flushed"]


@pytest.mark.django_db
@pytest.mark.usefixtures("flushed")
def test_what_people_have_ended_is_measured_once_a_minute(ana: Customer, bob: Agent) -> None:
    assert handling.mean_s() == HANDLING_S
    row = assigned(ana, bob)
    Event.objects.filter(conversation=row, trigger=Trigger.ACCEPTED).update(at=now() - timedelta(seconds=1_080))
    actions.close(conversation_id=row.id, actor=Actor("agent", str(bob.id)), agent=bob)
    handling.measure()
    assert handling.mean_s() == pytest.approx((1_080 + 20 * 240) / 21, abs=1)
    Event.objects.all().delete()
    handling.measure()
    assert handling.mean_s() > HANDLING_S, "once a minute"


@pytest.mark.django_db
@pytest.mark.usefixtures("flushed")
def test_who_leaves_the_queue_is_measured_and_who_is_given_a_date_is_not(
    ana: Customer, dan: Customer, inbox: Inbox, bob: Agent
) -> None:
    assert handling.leaving_per_s() == 0
    leaver, chooser, stays = (queued(each) for each in (ana, dan, Customer.objects.create(inbox=inbox)))
    sent_away = called_back(Customer.objects.create(inbox=inbox))
    HandoffPacket.objects.update(requested_at=now() - timedelta(seconds=600))
    actions.close_current(customer_id=leaver.customer_id)
    actions.take_callback(customer_id=chooser.customer_id)
    left, waited_s = handling.left_since(now() - timedelta(hours=1), 100)
    assert (left, round(waited_s / 10)) == (2, 240), (stays, sent_away)
    handling.measure()
    assert handling.leaving_per_s() == pytest.approx(2 / (2_400 + 3_600), rel=0.01)


@given(st.integers(1, 5_000), st.integers(1, 2_000), st.floats(10, 3_600))
def test_an_interval_is_in_order_and_grows_with_the_place(position: int, capacity: int, handling_s: float) -> None:
    wait, further = wait_range(position, capacity, handling_s), wait_range(position + 1, capacity, handling_s)
    sooner = wait_range(position, capacity + 1, handling_s)
    assert wait is not None
    assert further is not None
    assert sooner is not None
    assert 0 <= wait[0] < wait[1]
    assert sooner <= wait <= further


def test_few_measurements_are_trusted_little() -> None:
    assert handling_mean(0, 0) == HANDLING_S
    assert handling_mean(600, 1) == pytest.approx(257.1, abs=0.1)
    assert handling_mean(600 * 2_000, 2_000) == pytest.approx(596.4, abs=0.1)


@pytest.mark.django_db
def test_the_command_says_the_same_for_the_same_seed_and_plots(tmp_path: Path) -> None:
    def said(**options: object) -> str:
        out = StringIO()
        call_command("simulate", runs=3, hours=2, stdout=out, **options)
        return out.getvalue()

    assert said(seed=4) == said(seed=4) != said(seed=5)
    assert "Erlang C: mean wait" in said()
    assert "Erlang A: mean wait" in said(patience=60.0)
    said(plot=tmp_path / "day.svg")
    assert (tmp_path / "day.svg").read_text().startswith("<svg")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("option", "value"),
    [("agents", 0), ("runs", 10**6), ("arrivals", 0.0), ("arrivals", 0.0001), ("patience", 0.0), ("history", 3)],
)
def test_the_command_refuses_what_cannot_be_played(option: str, value: float) -> None:
    with pytest.raises(CommandError):
        call_command("simulate", **{option: value})
