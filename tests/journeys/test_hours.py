"""A supervisor closes the shop for a day or two, and who asks for a person is promised a date at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.desk import Desk
from tests.journeys.conftest import AgentPage, CustomerPage

pytestmark = pytest.mark.journey


@pytest.fixture(autouse=True)
def _hours_as_before(desk: Desk) -> Iterator[None]:
    yield
    with desk.database() as link:
        link.execute("UPDATE chat_inbox SET hours = '{}'")


def test_hours_that_a_supervisor_writes_are_what_customers_are_told(
    desk: Desk, browser: Browser, agent: AgentPage, customer: CustomerPage
) -> None:
    context = browser.new_context(locale="en-US", viewport={"width": 390, "height": 844})
    page = AgentPage(context, desk, "sam").page
    page.get_by_test_id("me").click()
    page.get_by_test_id("hours-open").click()
    shop = page.get_by_test_id("hours-of").filter(has_text="Lumen & Oak")
    expect(shop).to_contain_text("Always open")
    shop.get_by_role("button").click()
    page.get_by_test_id("hours-holidays").fill("today closed")
    page.get_by_test_id("hours-save").click()
    expect(page.get_by_text("Each line is a date, then closed or the hours")).to_be_visible()
    days = [str(datetime.now(UTC).date() + timedelta(days=n)) for n in (0, 1)]
    page.get_by_test_id("hours-holidays").fill("\n".join(f"{day} closed" for day in days))
    page.get_by_test_id("hours-save").click()
    expect(shop).to_contain_text("2 holidays")

    customer.says("Is anybody there?")
    customer.asks_for_a_person()
    customer.sees("We will get back to you here by")
    expect(agent.page.get_by_test_id("offer")).to_have_count(0)
    context.close()
