"""Opening hours: local time, days the clocks change, holidays, and several that must all be open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from agents.hours import BadHours, Hours, are_open, next_open_of_all, readable

WORKDAYS = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
BERLIN = Hours.read(
    {"tz": "Europe/Berlin", **WORKDAYS, "holidays": {"2026-12-25": [], "2026-12-24": [["09:00", "12:00"]]}}
)
TUESDAY = datetime(2026, 11, 24, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_without_hours_it_is_always_open() -> None:
    always = Hours.read({})
    assert always.is_open(TUESDAY)
    assert always.next_open(TUESDAY) == TUESDAY


def test_hours_are_local_and_end_before_the_last_minute_is_over() -> None:
    assert not BERLIN.is_open(at("2026-11-24 07:59"))
    assert BERLIN.is_open(at("2026-11-24 08:00"))
    assert not BERLIN.is_open(at("2026-11-24 11:00"))
    assert BERLIN.next_open(at("2026-11-24 11:00")) == at("2026-11-24 12:00")
    assert BERLIN.next_open(at("2026-11-27 16:00")) == at("2026-11-30 08:00"), "over the weekend"


def test_a_holiday_replaces_its_day() -> None:
    assert BERLIN.is_open(at("2026-12-24 10:00"))
    assert not BERLIN.is_open(at("2026-12-24 13:00"))
    assert BERLIN.next_open(at("2026-12-24 13:00")) == at("2026-12-28 08:00"), "the 25th is a Friday"


def test_only_holidays_are_closed_where_no_day_is_given() -> None:
    hours = Hours.read({"tz": "Europe/Berlin", "holidays": {"2026-12-25": []}})
    assert hours.is_open(at("2026-12-24 22:59"))
    assert hours.next_open(at("2026-12-24 23:00")) == at("2026-12-25 23:00")


def test_the_clocks_change_under_a_night_shift() -> None:
    night = Hours.read({"tz": "Europe/Berlin", "sun": [["00:00", "24:00"]]})
    spring, autumn = at("2026-03-28 23:00"), at("2026-10-24 22:00")
    assert night.next_open(spring - timedelta(hours=5)) == spring
    assert night.is_open(spring + timedelta(hours=22, minutes=59))
    assert not night.is_open(spring + timedelta(hours=23))
    assert night.is_open(autumn + timedelta(hours=24, minutes=59))
    assert not night.is_open(autumn + timedelta(hours=25))


def test_an_inbox_and_its_team_must_both_be_open() -> None:
    late = Hours.read({"tz": "America/New_York", "tue": [["10:00", "18:00"]]})
    assert not are_open([BERLIN, late], at("2026-11-24 14:30"))
    assert next_open_of_all([BERLIN, late], TUESDAY) == at("2026-11-24 15:00")
    assert next_open_of_all([BERLIN, late], at("2026-11-24 16:00")) == at("2026-12-01 15:00")
    assert next_open_of_all([BERLIN, Hours.read({"sun": [["10:00", "11:00"]]})], TUESDAY) is None
    assert next_open_of_all([], TUESDAY) == TUESDAY


def test_hours_that_never_open_say_so() -> None:
    assert Hours.read({"mon": []}).next_open(TUESDAY) is None


@pytest.mark.parametrize(
    "bad",
    [
        {"tz": "Mars/Olympus"},
        {"tz": 7},
        {"someday": []},
        {"mon": [["17:00", "09:00"]]},
        {"mon": [["9", "x"]]},
        {"mon": [["09:00+01:00", "10:00"]]},
        {"mon": [["00:00", "01:00"]] * 13},
        {"holidays": {"soon": []}},
        {"holidays": []},
    ],
)
def test_what_cannot_be_read_is_refused_by_name(bad: dict[str, Any]) -> None:
    with pytest.raises(BadHours):
        Hours.read(bad)
    with pytest.raises(ValidationError):
        readable(bad)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1)).map(lambda naive: naive.replace(tzinfo=UTC)))  # noqa: DTZ001  # hypothesis wants naive bounds
def test_the_next_opening_is_open_and_nothing_before_it_is(moment: datetime) -> None:
    opening = BERLIN.next_open(moment)
    assert opening is not None
    assert BERLIN.is_open(opening)
    assert BERLIN.is_open(moment) == (opening == moment)
    if opening != moment:
        assert not BERLIN.is_open(moment + (opening - moment) * 0.5)
        assert not BERLIN.is_open(opening - timedelta(microseconds=1))
