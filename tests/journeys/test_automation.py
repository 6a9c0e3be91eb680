"""A supervisor and the brain, in a real browser: why, what may go wrong, what only people answer, training."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.desk import Desk
from tests.journeys.conftest import AgentPage, CustomerPage

pytestmark = pytest.mark.journey


def test_a_supervisor_asks_why_corrects_and_sets_what_may_go_wrong(
    desk: Desk, browser: Browser, customer: CustomerPage
) -> None:
    customer.says("I need agnt pls hooman")
    customer.sees("We are getting a person for you")
    context = browser.new_context(locale="en-US", viewport={"width": 390, "height": 844})
    sam = AgentPage(context, desk, "sam")
    page = sam.page
    page.goto(f"{desk.url}/console/open/")
    page.get_by_test_id("conversation-item").first.click()
    page.get_by_test_id("why").last.click()
    told = page.get_by_test_id("explanation")
    expect(told).to_contain_text("the model beside the rules reads a wish for a person")
    told.get_by_test_id("correct-intent").select_option("person")
    told.get_by_test_id("correct-save").click()
    expect(page.get_by_test_id("corrected")).to_be_visible()
    page.keyboard.press("Escape")
    page.go_back()

    page.get_by_test_id("me").click()
    page.get_by_test_id("automation-open").click()
    expect(page.get_by_test_id("limit-requests")).to_contain_text("No limit")
    expect(page.get_by_test_id("action").first).to_have_attribute("data-state", "works")
    page.get_by_role("button", name="Change the limit for Requests for a person").click()
    page.get_by_test_id("limit-share").fill("10")
    expect(page.get_by_test_id("limit-foreseen")).to_contain_text("held-out requests are missed")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("limit-requests")).to_contain_text("At most 10% missed")
    page.get_by_role("button", name="Remove the limit for Requests for a person").click()
    expect(page.get_by_test_id("limit-requests")).to_contain_text("No limit")

    page.get_by_test_id("automation-golden").click()
    page.get_by_test_id("golden-question").fill("My husband has died")
    page.get_by_test_id("golden-expects").select_option("person")
    page.get_by_test_id("golden-add").click()
    page.get_by_test_id("golden-run").click()
    expect(page.get_by_test_id("golden-summary")).to_have_text("All as expected")
    page.get_by_role("button", name="Remove “My husband has died”").click()
    expect(page.get_by_test_id("golden")).to_have_count(0)
    context.close()


def test_a_supervisor_keeps_a_topic_for_people_and_trains_a_version(
    desk: Desk, browser: Browser, customer: CustomerPage
) -> None:
    context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 800})
    page = AgentPage(context, desk, "sam").page
    page.get_by_test_id("me").click()
    page.get_by_test_id("automation-open").click()

    page.get_by_test_id("automation-models").click()
    page.get_by_test_id("train").click()
    expect(page.get_by_test_id("training")).to_have_attribute("data-state", "training")

    page.get_by_test_id("automation-topics").click()
    page.get_by_role("button", name="Edit Fraud, theft").click()
    page.get_by_test_id("topic-lines").fill("voucher scheme*\n/(lamp/")
    page.get_by_test_id("topic-save").click()
    expect(page.get_by_text("Line 2: the pattern cannot be read")).to_be_visible()
    page.get_by_test_id("topic-lines").fill("voucher scheme*")
    page.get_by_test_id("try-text").fill("Tell me about your voucher schemes")
    page.get_by_test_id("try").click()
    expect(page.get_by_test_id("tried")).to_contain_text("“voucher schemes” touches fraud")
    page.get_by_test_id("topic-save").click()
    expect(page.get_by_test_id("topics-version").first).to_contain_text("added “voucher scheme*”")
    customer.says("Tell me about your voucher schemes")
    customer.sees("We are getting a person for you")
    page.get_by_test_id("topics-shipped").click()
    expect(page.get_by_test_id("topics-version").first).to_contain_text("Back to the shipped rules")

    page.get_by_test_id("automation-models").click()
    expect(page.get_by_test_id("training")).to_have_attribute("data-state", "done", timeout=90_000)
    expect(page.get_by_test_id("model").first).to_contain_text("Right intent")
    context.close()
