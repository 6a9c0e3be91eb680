"""A supervisor offers a shift, an agent takes it by himself, and the last place is gone for everybody else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.desk import Desk
from tests.journeys.conftest import AgentPage

pytestmark = pytest.mark.journey


def shifts_of(browser: Browser, desk: Desk, name: str) -> Page:
    context = browser.new_context(locale="en-US", viewport={"width": 390, "height": 844})
    page = AgentPage(context, desk, name).page
    page.get_by_test_id("me").click()
    page.get_by_test_id("shifts-open").click()
    expect(page.get_by_test_id("shifts")).to_be_visible()
    return page


def test_a_shift_is_offered_taken_and_given_back(desk: Desk, browser: Browser) -> None:
    sam = shifts_of(browser, desk, "sam")
    sam.get_by_test_id("shift-new").click()
    sam.get_by_test_id("shift-offer").click()
    expect(sam.get_by_test_id("shift")).to_contain_text("1 place")

    bob, carol = shifts_of(browser, desk, "bob"), shifts_of(browser, desk, "carol")
    expect(bob.get_by_test_id("shift-new")).to_have_count(0)
    bob.get_by_test_id("shift-take").click()
    expect(bob.get_by_test_id("shift")).to_contain_text("Yours")
    carol.get_by_test_id("shift-take").click()
    expect(carol.get_by_role("alert")).to_contain_text("All places of this shift are taken.")
    expect(carol.get_by_test_id("shift")).to_contain_text("Full")

    bob.get_by_test_id("shift-give-back").click()
    expect(bob.get_by_test_id("shift-take")).to_be_visible()
    sam.get_by_test_id("shift-withdraw").click()
    expect(sam.get_by_test_id("shift")).to_have_count(0)
    for page in (sam, bob, carol):
        page.context.close()
