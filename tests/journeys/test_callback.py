"""Out of hours a customer is promised a date; the next morning an agent has him on top, with the promise in sight."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from supportdesk.demo import DEMO_SUPERVISOR
from tests.desk import Desk
from tests.journeys.conftest import AgentPage, CustomerPage

pytestmark = pytest.mark.journey
STAMPS = {
    "chat_conversation": ("deadline", "callback_due", "waiting_since", "need_since", "opened_at", "last_message_at"),
    "chat_promise": ("asked_at", "made_at", "due"),
}


class Hours:
    """The shop's hours, and the clock as the desk's rows know it.

    Stamps are moved back, not clocks forward: web, worker, beat, Redis and Chromium each have one, and a desk whose web
    and worker are a day ahead of its presence and its browsers is a desk that nobody runs. What a moved clock does to
    promises and their measure is in tests/chat/test_promises.py, test_reach.py and tests/races/test_every_order.py.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def close_for_today(self) -> None:
        self._set({"tz": "UTC", "holidays": {str(datetime.now(UTC).date()): []}})

    def open_next_morning(self) -> None:
        """It is a minute after the next opening: every stamp lies that much further back."""
        moment = datetime.now(UTC)
        opening = datetime.combine(moment.date() + timedelta(days=1), datetime.min.time(), UTC)
        with self._desk.database() as link:
            for table, columns in STAMPS.items():
                moved = ", ".join(f"{name} = {name} - %(passed)s" for name in columns)
                where = "WHERE state = 'callback'" if table == "chat_conversation" else "WHERE outcome IS NULL"
                passed = {"passed": opening - moment + timedelta(minutes=1)}
                link.execute(f"UPDATE {table} SET {moved} {where}", passed)  # noqa: S608  # the names above
        self._set({})

    def _set(self, hours: dict[str, object]) -> None:
        with self._desk.database() as link:
            link.execute("UPDATE chat_inbox SET hours = %s", [json.dumps(hours)])


@pytest.fixture
def hours(desk: Desk) -> Iterator[Hours]:
    with desk.database() as link:
        before = link.execute("SELECT id, hours FROM chat_inbox").fetchall()
    yield Hours(desk)
    with desk.database() as link:
        for inbox_id, kept in before:
            link.execute("UPDATE chat_inbox SET hours = %s WHERE id = %s", [json.dumps(kept), inbox_id])


@pytest.fixture
def busy_bob(browser: Browser, desk: Desk) -> Iterator[AgentPage]:
    """He takes one conversation at a time, so that what he is offered first is what stands on top."""
    with desk.database() as link:
        link.execute("UPDATE agents_agent SET capacity = 1 WHERE name = 'Bob'")
    context = browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900})
    bob = AgentPage(context, desk, "bob")
    yield bob
    bob.goes_away()
    context.close()
    with desk.database() as link:
        link.execute("UPDATE agents_agent SET capacity = 4 WHERE name = 'Bob'")


def test_promised_in_the_night_and_first_in_the_morning(
    browser: Browser, desk: Desk, hours: Hours, customer: CustomerPage, busy_bob: AgentPage
) -> None:
    busy_bob.goes_away()
    hours.close_for_today()
    customer.says("I need somebody to look at my invoice")
    customer.asks_for_a_person()
    customer.sees("We will get back to you here by")
    expect(customer.widget.get_by_role("status").filter(has_text="We will get back to you")).to_be_visible()

    hours.open_next_morning()
    other = CustomerPage(browser.new_context(locale="en-US"), desk)
    other.says("Somebody please help me with a lamp")
    other.asks_for_a_person()
    expect(other.widget.get_by_test_id("queue-place")).to_be_visible()

    busy_bob.is_available()
    offer = busy_bob.page.get_by_test_id("offer")
    expect(offer.filter(has_text="invoice")).to_be_visible()
    expect(offer.get_by_test_id("offer-promised")).to_contain_text("Promised by")
    expect(offer).to_have_count(1)
    busy_bob.accepts()
    busy_bob.says("Good morning! I have your invoice here.")
    customer.sees("Good morning! I have your invoice here.")

    sam = AgentPage(browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900}), desk, DEMO_SUPERVISOR)
    sam.page.get_by_test_id("me").click()
    sam.page.get_by_test_id("promises-open").click()
    expect(sam.page.get_by_test_id("promise").first).to_contain_text("Kept")
    other.context.close()
    sam.page.context.close()


def test_who_would_wait_long_takes_a_date_instead(desk: Desk, customer: CustomerPage) -> None:
    customer.says("Can somebody look at my order?")
    customer.asks_for_a_person()
    customer.widget.get_by_test_id("take-callback").click()
    customer.sees("You can ask for a person at any time.")
    expect(customer.widget.get_by_test_id("queue-place")).to_have_count(0)
    customer.asks_for_a_person()
    expect(customer.widget.get_by_test_id("queue-place")).to_be_visible()
