"""What people's words say for a slot."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from flows import values
from flows.demo import DATE, ORDER
from flows.spec import Slot, Spec, filled

TODAY = date(2026, 11, 24)  # a Tuesday
ORDER_SLOT, DATE_SLOT = Slot.model_validate(ORDER), Slot.model_validate(DATE)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-12-15", date(2026, 12, 15)),
        ("15.12.", date(2026, 12, 15)),
        ("the 15th of December please", date(2026, 12, 15)),
        ("December 15, 2026", date(2026, 12, 15)),
        ("15 Dec", date(2026, 12, 15)),
        ("3 January", date(2027, 1, 3)),
        ("on the 28th", date(2026, 11, 28)),
        ("the 2nd", date(2026, 12, 2)),
        ("tomorrow", date(2026, 11, 25)),
        ("in 10 days", date(2026, 12, 4)),
        ("in 2 weeks", date(2026, 12, 8)),
        ("next friday", date(2026, 11, 27)),
        ("tuesday", date(2026, 12, 1)),
        ("15. Dezember", date(2026, 12, 15)),
        ("am 3. märz 2027", date(2027, 3, 3)),
        ("bitte am 28.", date(2026, 11, 28)),
        ("morgen", date(2026, 11, 25)),
        ("guten morgen", None),
        ("übermorgen", date(2026, 11, 26)),
        ("in 10 Tagen", date(2026, 12, 4)),
        ("in 2 Wochen", date(2026, 12, 8)),
        ("am Freitag", date(2026, 11, 27)),
        ("nächste Woche", date(2026, 12, 1)),
        ("31.2.", None),
        ("whenever", None),
    ],
)
def test_dates_as_people_write_them(said: str, day: date | None) -> None:
    assert values.find_date(said, TODAY) == day


@given(st.text(max_size=60))
def test_no_text_breaks_a_reader(said: str) -> None:
    for slot in (ORDER_SLOT, DATE_SLOT):
        values.find(slot, said, TODAY, asked=True)
    values.find_email(said)
    values.find_code(said)


@pytest.mark.parametrize(
    ("said", "order"),
    [("LO-48213", "LO-48213"), ("it is lo 48213.", "LO-48213"), ("48213", "LO-48213"), ("482134", None), ("no", None)],
)
def test_order_numbers(said: str, order: str | None) -> None:
    assert values.find(ORDER_SLOT, said, TODAY, asked=True) == order


def test_a_date_out_of_reach_is_none() -> None:
    assert values.find(DATE_SLOT, "2027-12-15", TODAY, asked=True) is None
    assert values.find(DATE_SLOT, "2026-11-24", TODAY, asked=True) is None


def test_emails_and_codes() -> None:
    assert values.find_email("It is Ana@Example.com.") == "ana@example.com"
    assert values.find_email("ana at example") is None
    assert values.find_code("here: 123 456") == "123456"
    assert values.find_code("1234567") is None


def test_a_choice_is_taken_only_when_it_is_one() -> None:
    choices = {"card": ["card", "visa"], "paypal": ["paypal"]}
    assert values.find_choice(choices, "with my Visa") == "card"
    assert values.find_choice(choices, "visa or paypal") is None


def test_values_are_data_in_a_template() -> None:
    assert filled("{a} and {b}", {"a": "{b}", "b": "two\nlines"}) == "{b} and two lines"
    with pytest.raises(ValidationError, match="plain name"):
        Spec(title="t", slots=[], done="{a.__class__}")


def test_a_bad_pattern_is_refused_with_its_reason() -> None:
    with pytest.raises(ValidationError, match="cannot be read"):
        Slot(name="a", kind="pattern", ask="?", again="?", pattern="(")
    with pytest.raises(ValidationError, match="exactly one group"):
        Slot(name="a", kind="pattern", ask="?", again="?", pattern="a")
