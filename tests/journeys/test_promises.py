"""The promises, kept in a real browser: bot, person, human-only topics, a lost agent, a customer who was away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.desk import Desk
from tests.journeys.conftest import AgentPage, CustomerPage
from tests.wire import AgentClient

pytestmark = pytest.mark.journey


def test_the_bot_answers_and_names_its_source(customer: CustomerPage) -> None:
    customer.says("How long do I have to return a lamp?")
    expect(customer.messages("bot")).to_have_count(1)
    source = customer.messages("bot").get_by_test_id("source-link").first
    expect(source).to_be_visible()
    with customer.context.expect_page() as opened:
        source.click()
    expect(opened.value.locator("h1")).to_be_visible()


def test_a_person_is_one_click_away_and_they_talk_both_ways(customer: CustomerPage, agent: AgentPage) -> None:
    customer.says("My parcel came with a cracked shade")
    customer.asks_for_a_person()
    expect(agent.page.get_by_test_id("offer")).to_be_visible()
    agent.accepts()
    expect(agent.page.get_by_test_id("handoff-packet")).to_contain_text("cracked shade")
    customer.sees("Bob has joined")
    agent.says("Hello, I am Bob. I will send a new shade.")
    customer.sees("I will send a new shade.")
    customer.says("Thank you, Bob!")
    agent.sees("Thank you, Bob!")
    agent.closes()
    expect(customer.widget.get_by_test_id("rating")).to_be_visible()
    customer.widget.get_by_test_id("rate-5").click()
    expect(customer.widget.get_by_test_id("talk-to-person")).to_be_visible()


def test_a_human_only_topic_goes_to_people_and_the_bot_never_speaks(customer: CustomerPage, agent: AgentPage) -> None:
    customer.says("Somebody stole my card and ordered things with my account, this is fraud")
    expect(agent.page.get_by_test_id("offer")).to_be_visible()
    customer.says("Are you there? How long do I have to return a lamp?")
    agent.accepts()
    customer.sees("Bob has joined")
    expect(agent.page.get_by_test_id("handoff-packet")).to_contain_text("fraud", ignore_case=True)
    expect(customer.messages("bot")).to_have_count(0)
    agent.closes()


def test_when_the_agents_browser_is_killed_the_customer_is_back_in_place_with_everything(
    desk: Desk, customer: CustomerPage, doomed_agent: tuple[AgentPage, Callable[[], None]]
) -> None:
    carol, kill = doomed_agent
    customer.says("I need help with an invoice from March")
    customer.asks_for_a_person()
    carol.accepts()
    carol.says("I am looking at your invoice.")
    customer.sees("I am looking at your invoice.")
    kill()
    customer.sees("back in line, in your old place")
    expect(customer.widget.get_by_test_id("queue-place")).to_have_attribute("data-place", "1")
    bob = AgentClient(desk, "bob")
    bob.available()
    offer = bob.expect("offer.made")["conversation"]
    joined = bob.ask("conversation.join", conversation_id=offer["id"], after_seq=0)
    said = [m["text"] for m in joined["messages"]]
    assert "I need help with an invoice from March" in said
    assert "I am looking at your invoice." in said
    bob.ask("conversation.accept", conversation_id=offer["id"])
    customer.sees("Bob has joined")
    bob.ask("conversation.close", conversation_id=offer["id"])
    bob.away()
    bob.close()


def test_a_customer_who_was_offline_sees_everything_once_and_in_order(customer: CustomerPage, agent: AgentPage) -> None:
    customer.says("Can somebody check my order?")
    customer.asks_for_a_person()
    agent.accepts()
    agent.says("one")
    customer.sees("one")
    customer.context.set_offline(True)
    expect(customer.widget.get_by_test_id("banner")).to_be_visible(timeout=60_000)
    customer.says("written in the tunnel")
    agent.says("two")
    agent.says("three")
    customer.context.set_offline(False)
    customer.sees("three")
    agent.sees("written in the tunnel")
    expect(customer.widget.locator("[data-state=pending]")).to_have_count(0)
    for text in ("one", "two", "three", "written in the tunnel"):
        expect(customer.widget.get_by_test_id("message").filter(has_text=text)).to_have_count(1)
    seqs = customer.seqs()
    assert seqs == sorted(set(seqs))
    agent.closes()
