"""The waiting order: the longer wait, moved forward by priority; equal to the rows again after any loss."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from chat.lifecycle import State
from chat.models import PRIORITY_S, Conversation, Inbox
from routing import queue
from supportdesk.redis import redis
from tests.floor import flushed, waits

__all__ = ["flushed"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("flushed")]

MOMENTS = st.integers(-4095 * 60_000, 30 * 365 * 86_400 * 1000).map(lambda ms: queue.EPOCH + timedelta(milliseconds=ms))


@given(MOMENTS, MOMENTS)
def test_a_score_orders_as_places_do_and_survives_a_double(a: datetime, b: datetime) -> None:
    scores = queue.score_of(a), queue.score_of(b)
    assert all(int(float(score)) == score for score in scores)
    assert (scores[0] < scores[1]) == (a < b)


def test_priority_goes_first_then_who_waits_longer(inbox: Inbox) -> None:
    late, early, urgent = waits(inbox, 5), waits(inbox, 60), waits(inbox, 1, priority=2)
    assert queue.rebuild() == 3
    assert queue.head(10) == [urgent.id, early.id, late.id]
    assert queue.head(2) == [urgent.id, early.id]


def test_priority_is_a_head_start_so_that_nobody_starves(inbox: Inbox) -> None:
    plain = waits(inbox, PRIORITY_S * 3 + 30)
    urgent, less = waits(inbox, priority=4), waits(inbox, priority=3)
    queue.rebuild()
    assert queue.head(10) == [urgent.id, plain.id, less.id]
    assert list(Conversation.objects.order_by("place_at", "id").values_list("pk", flat=True)) == queue.head(10)


def test_a_drifted_queue_is_noticed_by_its_length_and_once_in_a_while(inbox: Inbox) -> None:
    waits(inbox)
    assert queue.has_drifted(), "never compared"
    queue.rebuild()
    assert not queue.has_drifted()
    waits(inbox)
    assert queue.has_drifted()


def test_an_entry_is_what_its_row_says(inbox: Inbox) -> None:
    waiting = waits(inbox)
    queue.settle(waiting.id)
    assert queue.head(10) == [waiting.id]
    Conversation.objects.update(state=State.CLOSED, owner=None, deadline=None, closed_at=waiting.opened_at)
    queue.settle(waiting.id)
    assert queue.head(10) == []


def test_drift_of_every_kind_is_repaired(inbox: Inbox) -> None:
    first, second = waits(inbox, 60), waits(inbox, 30)
    redis().zadd(queue.QUEUE, {str(second.id): -5, "01890000-0000-7000-8000-000000000000": 1})
    assert queue.repair() == 3
    assert queue.head(10) == [first.id, second.id]
    assert queue.repair() == 0


def test_the_command_restores_a_flushed_queue(inbox: Inbox) -> None:
    waiting = waits(inbox)
    redis().flushdb()
    said = StringIO()
    call_command("rebuild_queue", stdout=said)
    assert queue.head(10) == [waiting.id]
    assert "1 waiting" in said.getvalue()
