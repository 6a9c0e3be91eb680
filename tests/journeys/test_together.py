"""Two agents and a supervisor: an offer nobody takes passes on, a transfer with a note, a whisper, a take-over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from supportdesk.demo import DEMO_SUPERVISOR
from tests.desk import Desk
from tests.journeys.conftest import AgentPage, CustomerPage

pytestmark = pytest.mark.journey
SECRET = "Offer her the refund, not the voucher"


@pytest.fixture
def carol(browser: Browser, desk: Desk) -> Iterator[AgentPage]:
    context = browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900})
    carol = AgentPage(context, desk, "carol")
    yield carol
    carol.goes_away()
    context.close()


@pytest.fixture
def sam(browser: Browser, desk: Desk) -> Iterator[AgentPage]:
    context = browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900})
    yield AgentPage(context, desk, DEMO_SUPERVISOR)
    context.close()


@pytest.fixture
def impatient(desk: Desk) -> Iterator[None]:
    """Offers that run out while one looks on."""
    with desk.database() as connection:
        (before,) = connection.execute("SELECT offer_s FROM chat_inbox LIMIT 1").fetchone() or (30,)
        connection.execute("UPDATE chat_inbox SET offer_s = 3")
        yield
        connection.execute("UPDATE chat_inbox SET offer_s = %s", [before])


def test_an_offer_that_runs_out_goes_to_the_next(
    customer: CustomerPage, agent: AgentPage, carol: AgentPage, impatient: None
) -> None:
    carol.goes_away()
    customer.says("Somebody should look at my order")
    customer.asks_for_a_person()
    expect(agent.page.get_by_test_id("offer")).to_have_count(1)
    carol.is_available()
    carol.accepts()  # once Bob has let it run out
    expect(agent.page.get_by_test_id("offer")).to_have_count(0)
    customer.sees("Carol has joined the conversation.")


def test_a_transfer_brings_its_note_and_the_next_agent_goes_on(
    customer: CustomerPage, agent: AgentPage, carol: AgentPage
) -> None:
    carol.goes_away()
    customer.says("My lamp flickers since yesterday")
    customer.asks_for_a_person()
    agent.accepts()
    agent.says("Let me ask my colleague")
    carol.is_available()
    page = agent.page
    page.get_by_test_id("transfer").click()
    page.get_by_test_id("transfer-agent").click()
    page.get_by_role("option", name="Carol").click()
    page.get_by_label("What they should know").fill("It is the second lamp that flickers")
    page.get_by_test_id("transfer-submit").click()
    customer.sees("You are being transferred to Carol.")
    carol.accepts()
    expect(carol.page.get_by_test_id("note")).to_contain_text("It is the second lamp that flickers")
    carol.says("A new lamp is on its way")
    customer.sees("A new lamp is on its way")
    assert "second lamp that flickers" not in customer.widget.get_by_test_id("timeline").inner_text()


def test_a_supervisor_whispers_joins_and_takes_over(
    customer: CustomerPage, agent: AgentPage, sam: AgentPage, desk: Desk
) -> None:
    frames: list[str] = []
    customer.page.on("websocket", lambda socket: socket.on("framereceived", lambda text: frames.append(str(text))))
    customer.page.reload()
    customer.page.get_by_test_id("launcher").click()
    customer.says("I want my money back")
    customer.asks_for_a_person()
    agent.accepts()
    sam.opens(agent.conversation())
    expect(sam.page.get_by_test_id("composer")).to_have_attribute("aria-label", "Whisper to Bob")
    sam.says(SECRET)
    expect(agent.page.get_by_test_id("note")).to_contain_text(SECRET)
    expect(agent.page.get_by_text("Sam whispers")).to_be_visible()

    sam.page.get_by_test_id("step-in").click()
    customer.sees("Sam has joined the conversation.")
    sam.page.get_by_test_id("reply-tab").click()
    sam.says("This is Sam, Bob's supervisor.")
    customer.sees("This is Sam, Bob's supervisor.")
    agent.says("Thank you, Sam")
    customer.sees("Thank you, Sam")

    sam.page.get_by_test_id("take-over").click()
    expect(agent.page.get_by_text("Sam has taken over your conversation")).to_be_visible()
    expect(agent.page.get_by_test_id("composer-locked")).to_be_visible()
    sam.says("The money is back on your card tomorrow.")
    customer.sees("The money is back on your card tomorrow.")
    sam.closes()

    assert frames
    assert not any(SECRET in frame for frame in frames)
    assert SECRET not in customer.widget.get_by_test_id("timeline").inner_text()
