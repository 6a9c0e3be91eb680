"""Out of hours a customer is promised a date; the next morning an agent has him on top, with the promise in sight."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from supportdesk.demo import DEMO_SUPERVISOR
from tests.desk import Desk, start, stop
from tests.journeys.conftest import AgentPage, CustomerPage
from tests.moved_clock import MovedClock, only_here

pytestmark = pytest.mark.journey
EVERY_DAY = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


class Night:
    """A desk at half past nine in the evening that opens at nine in the morning, and everybody's browser beside it."""

    def __init__(self, desk: Desk, clock: MovedClock, browser: Browser) -> None:
        self.desk = desk
        self._clock = clock
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        with desk.database() as link:
            link.execute("UPDATE chat_inbox SET hours = %s", [json.dumps({"tz": "UTC", **EVERY_DAY})])
            # One at a time, so that what he is offered first is what stands on top.
            link.execute("UPDATE agents_agent SET capacity = 1 WHERE name = 'Bob'")

    def customer(self) -> CustomerPage:
        return CustomerPage(self._context(), self.desk)

    def agent(self, name: str) -> AgentPage:
        return AgentPage(self._context(), self.desk, name)

    def ends(self) -> None:
        """It is a minute past nine for the whole desk; the browsers were laptops with their lids closed."""
        slept = self._clock.move_to(self._clock.now().replace(hour=9, minute=1) + timedelta(days=1))
        for context in self._contexts:
            context.clock.fast_forward(int(slept.total_seconds() * 1000))

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _context(self) -> BrowserContext:
        context = self._browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900}, timezone_id="UTC")
        context.clock.install(time=self._clock.now())
        self._contexts.append(context)
        return context


@pytest.fixture
def night(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """A desk of its own: of the others' none wakes up a day later."""
    var = tmp_path_factory.mktemp("night")
    clock = MovedClock(var, datetime.now(UTC).replace(hour=21, minute=30))
    desk = start(var, **clock.environment())
    night = Night(desk, clock, browser)
    yield night
    night.close()
    stop(desk)


@only_here
@pytest.mark.timeout(300)  # it starts and stops a desk of its own
def test_promised_in_the_night_and_first_in_the_morning(night: Night) -> None:
    customer, bob = night.customer(), night.agent("bob")
    customer.says("I need somebody to look at my invoice")
    customer.asks_for_a_person()
    customer.sees("We will get back to you here by")
    expect(customer.widget.get_by_role("status").filter(has_text="We will get back to you")).to_be_visible()

    night.ends()
    other = night.customer()
    other.says("Somebody please help me with a lamp")
    other.asks_for_a_person()
    expect(other.widget.get_by_test_id("queue-place")).to_be_visible()

    bob.is_available()
    offer = bob.page.get_by_test_id("offer")
    expect(offer.filter(has_text="invoice")).to_be_visible()
    expect(offer.get_by_test_id("offer-promised")).to_contain_text("Promised by")
    expect(offer).to_have_count(1)
    bob.accepts()
    bob.says("Good morning! I have your invoice here.")
    customer.sees("Good morning! I have your invoice here.")

    sam = night.agent(DEMO_SUPERVISOR)
    sam.page.get_by_test_id("me").click()
    sam.page.get_by_test_id("promises-open").click()
    expect(sam.page.get_by_test_id("promise").first).to_contain_text("Kept")


def test_who_would_wait_long_takes_a_date_instead(desk: Desk, customer: CustomerPage) -> None:
    customer.says("Can somebody look at my order?")
    customer.asks_for_a_person()
    place = customer.widget.get_by_test_id("queue-place")
    expect(place).to_have_text("You are next in the queue\u00a0· nobody is available right now")
    customer.widget.get_by_test_id("take-callback").click()
    customer.sees("You can ask for a person at any time.")
    expect(customer.widget.get_by_test_id("queue-place")).to_have_count(0)
    customer.asks_for_a_person()
    expect(customer.widget.get_by_test_id("queue-place")).to_be_visible()
