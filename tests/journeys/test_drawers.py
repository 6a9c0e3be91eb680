"""What supervisors read beside their work: reachability, promises, and questions without an answer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.desk import Desk
from tests.journeys.conftest import AgentPage

pytestmark = pytest.mark.journey


def test_a_supervisor_reads_reachability_promises_and_questions(desk: Desk, browser: Browser) -> None:
    context = browser.new_context(locale="en-US", viewport={"width": 390, "height": 844})
    page = AgentPage(context, desk, "sam").page
    for name, words in (("reach", "Lumen & Oak"), ("promises", "kept"), ("unanswered", "Lumen & Oak")):
        page.get_by_test_id("me").click()
        page.get_by_test_id(f"{name}-open").click()
        expect(page.get_by_test_id(name)).to_contain_text(words)
        page.keyboard.press("Escape")
    page.route("**/api/v1/reach/**", lambda route: route.abort())
    page.get_by_test_id("me").click()
    page.get_by_test_id("reach-open").click()
    expect(page.get_by_test_id("reach")).to_contain_text("cannot be reached")
    page.unroute("**/api/v1/reach/**")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_test_id("reach")).to_contain_text("Lumen & Oak")
    context.close()
