"""Customer and agent behind a proxy that lets no WebSocket through: the chat goes on, and moves back when one opens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.desk import Desk
from tests.journeys.conftest import AgentPage, CustomerPage
from tests.journeys.gate import Gate, gate_before

pytestmark = pytest.mark.journey


@pytest.fixture
def gate(desk: Desk) -> Iterator[Gate]:
    with gate_before(desk.url) as gate:
        yield gate


def network_changes(page: Page) -> None:
    """What the browser says when the computer moves to another network."""
    for frame in page.frames:
        frame.evaluate("dispatchEvent(new Event('online'))")


def test_a_whole_chat_without_sockets_and_back(browser: Browser, desk: Desk, gate: Gate) -> None:
    gate.shut()
    behind = replace(desk, url=gate.url)
    customer = CustomerPage(browser.new_context(locale="en-US"), behind)
    customer.says("How long do I have to return a lamp?")
    expect(customer.messages("bot")).to_have_count(1)
    expect(customer.widget.get_by_test_id("limited")).to_be_visible()
    customer.asks_for_a_person()

    bob = AgentPage(browser.new_context(locale="en-US"), behind, "bob")
    bob.is_available()
    bob.accepts()
    customer.sees("Bob has joined")
    bob.says("I am Bob, and I can help.")
    customer.sees("I can help.")
    customer.says("Sockets are blocked here")
    bob.sees("Sockets are blocked here")
    expect(bob.page.get_by_test_id("limited")).to_be_visible()
    bob.notes("A customer behind a strict proxy")
    bob.sees("A customer behind a strict proxy")
    assert gate.refused >= 6

    gate.is_shut = False
    for page in (customer.page, bob.page):
        network_changes(page)
    expect(customer.widget.get_by_test_id("limited")).to_have_count(0)
    expect(bob.page.get_by_test_id("limited")).to_have_count(0)
    customer.says("Back on a socket")
    bob.sees("Back on a socket")
    bob.says("Welcome back")
    customer.sees("Welcome back")
    gate.shut()
    customer.says("And gone again")
    bob.sees("And gone again")

    seqs = customer.seqs()
    assert seqs == list(range(1, len(seqs) + 1))
    for text in ("Sockets are blocked here", "Back on a socket", "Welcome back", "And gone again"):
        expect(customer.widget.get_by_test_id("message").filter(has_text=text)).to_have_count(1)
    bob.closes()
    expect(customer.widget.get_by_test_id("rating")).to_be_visible()
    customer.widget.get_by_test_id("rate-5").click()
    expect(customer.widget.get_by_test_id("rating")).to_contain_text("Thank you")
    bob.goes_away()
    for page in (customer.page, bob.page):
        page.context.close()
