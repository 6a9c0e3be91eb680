"""An admin hires and lets go, and writes what each can do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.desk import Desk
from tests.journeys.conftest import AgentPage

pytestmark = pytest.mark.journey


@pytest.fixture
def people(desk: Desk, browser: Browser) -> Iterator[Page]:
    """Sam as an admin, who looks at them."""
    with desk.database() as link:
        link.execute("UPDATE agents_agent SET role = 'admin' WHERE name = 'Sam'")
    page = AgentPage(browser.new_context(locale="en-US", viewport={"width": 390, "height": 844}), desk, "sam").page
    page.get_by_test_id("me").click()
    page.get_by_test_id("people-open").click()
    yield page
    page.context.close()
    with desk.database() as link:
        link.execute("UPDATE agents_agent SET role = 'supervisor' WHERE name = 'Sam'")


def test_who_is_hired_signs_in_and_who_is_let_go_is_out(people: Page, desk: Desk, browser: Browser) -> None:
    people.get_by_test_id("hire").click()
    for field, value in (("name", "Ada"), ("username", "ada"), ("password", "short")):
        people.get_by_test_id(f"hire-{field}").fill(value)
    people.get_by_test_id("hire-submit").click()
    expect(people.get_by_role("alert")).to_contain_text("too short")
    people.get_by_test_id("hire-password").fill("demo-desk")
    people.get_by_test_id("hire-submit").click()
    row = people.get_by_test_id("person").filter(has_text="Ada")
    expect(row).to_contain_text("4 chats at a time")

    ada = AgentPage(browser.new_context(locale="en-US"), desk, "ada")
    row.get_by_role("button").click()
    people.get_by_test_id("person-skills").fill("fraud:5, lamps")
    people.get_by_test_id("person-active").uncheck()
    people.get_by_test_id("person-save").click()
    expect(row).to_contain_text("fraud:5, lamps")
    expect(row).to_contain_text("Let go")
    expect(ada.page.get_by_test_id("login-username")).to_be_visible()
    ada.page.context.close()
