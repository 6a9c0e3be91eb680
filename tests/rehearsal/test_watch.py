"""Unowned and overdue: what counts, and what an outage of the desk excuses."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from supportdesk.rehearsal.watch import Held, Watch, is_overdue, is_unowned

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ALLOWANCE = timedelta(seconds=5)
HELD = Held("c1", "assigned", "agent", NOON, has_agent=True, has_offer=False)


@pytest.mark.parametrize(
    "held",
    [
        HELD,
        Held("c1", "bot", "bot", NOON, has_agent=False, has_offer=False),
        Held("c1", "queued", "queue", NOON, has_agent=False, has_offer=False),
        Held("c1", "offered", "queue", NOON, has_agent=False, has_offer=True),
        Held("c1", "callback", "callback", NOON, has_agent=False, has_offer=False),
    ],
)
def test_a_conversation_in_the_hands_of_its_state_is_owned(held: Held) -> None:
    assert not is_unowned(held)


@pytest.mark.parametrize(
    "held",
    [
        replace(HELD, deadline=None),
        replace(HELD, owner=None),
        replace(HELD, owner="bot"),
        replace(HELD, has_agent=False),
        Held("c1", "offered", "queue", NOON, has_agent=False, has_offer=False),
    ],
)
def test_a_conversation_without_owner_or_deadline_is_unowned(held: Held) -> None:
    assert is_unowned(held)


@pytest.mark.parametrize(
    ("after_s", "ready_before_s", "overdue"),
    [(4.9, 60, False), (5.1, 60, True), (60, 4.9, False), (60, 5.1, True), (-1, 60, False)],
)
def test_the_allowance_counts_from_the_deadline_or_from_when_the_desk_was_back(
    after_s: float, ready_before_s: float, overdue: bool
) -> None:
    moment = NOON + timedelta(seconds=after_s)
    ready_since = moment - timedelta(seconds=ready_before_s)
    assert is_overdue(HELD, moment=moment, ready_since=ready_since, allowance=ALLOWANCE) is overdue


def test_nothing_is_overdue_while_the_desk_is_away() -> None:
    assert not is_overdue(HELD, moment=NOON + timedelta(hours=1), ready_since=None, allowance=ALLOWANCE)


def test_the_watch_counts_a_conversation_once_however_often_it_is_found() -> None:
    watch = Watch(lambda: True, ready_since=NOON)
    for second in (6, 7, 8):
        watch.judge([HELD, replace(HELD, conversation_id="c2", owner=None)], NOON + timedelta(seconds=second))
    assert list(watch.overdue) == ["c1", "c2"]
    assert list(watch.unowned) == ["c2"]
