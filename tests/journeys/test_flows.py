"""The bot does what the demo shop can do, once it knows who asks; what only a person may answer goes to one at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.desk import Desk, until
from tests.journeys.conftest import AgentPage, CustomerPage

pytestmark = pytest.mark.journey

ANA = "ana@example.com"


class Mailbox:
    """Ana's letters, as the desk put them into its outbox."""

    def __init__(self, desk: Desk) -> None:
        self.folder = desk.var / "outbox"
        self.read = self.letters()

    def letters(self) -> set[str]:
        return {path.read_text() for path in self.folder.glob("*")} if self.folder.is_dir() else set()

    def newest_code(self) -> str:
        until(lambda: self.letters() - self.read, 10, "no letter came")
        found = re.search(r"type this code there: (\d{6})", (self.letters() - self.read).pop())
        assert found is not None
        return found.group(1)


def proves_who_he_is(customer: CustomerPage, desk: Desk) -> None:
    mailbox = Mailbox(desk)
    customer.sees("Which e-mail address")
    customer.says(ANA)
    customer.sees("I have sent a code")
    customer.says(mailbox.newest_code())


def test_where_is_my_order_is_answered_once_he_has_proved_who_he_is(desk: Desk, customer: CustomerPage) -> None:
    customer.says("Where is my order LO-48213?")
    proves_who_he_is(customer, desk)
    customer.sees("Your order LO-48213 (Fen table lamp) is on its way; it should be with you by")
    expect(customer.messages("system")).to_have_count(0)


def test_the_bot_moves_a_payment_date(desk: Desk, customer: CustomerPage) -> None:
    customer.says("Can I move my payment date?")
    customer.sees("Which order is it?")
    customer.says("LO-48301")
    customer.sees("To which date")
    customer.says("in 10 days")
    proves_who_he_is(customer, desk)
    customer.sees("Shall I move the next payment of order LO-48301")
    customer.says("Yes please")
    customer.sees("Done: the next payment of order LO-48301 is now due on")
    with desk.database() as database:
        row = database.execute("SELECT moved_times FROM demoshop_order WHERE number = 'LO-48301'").fetchone()
    assert row == (1,)


def test_a_death_in_the_family_is_with_a_person_at_once(customer: CustomerPage, agent: AgentPage) -> None:
    customer.says("My mother passed away last week and I need to close her orders")
    offer = agent.page.get_by_test_id("offer").filter(has_text="passed away")
    offer.get_by_test_id("offer-accept").click()
    customer.sees("Bob has joined")
    expect(agent.page.get_by_test_id("handoff-packet")).to_contain_text("passed away")
    expect(customer.messages("bot")).to_have_count(0)
    agent.says("I am very sorry. I will take care of the orders for you.")
    customer.sees("I will take care of the orders")
    agent.closes()


def test_the_copilot_drafts_and_the_agent_sends(customer: CustomerPage, agent: AgentPage) -> None:
    customer.says("Who pays for return shipping?")
    expect(customer.messages("bot")).to_have_count(1)
    customer.asks_for_a_person()
    offer = agent.page.get_by_test_id("offer").filter(has_text="return shipping")
    offer.get_by_test_id("offer-accept").click()
    agent.page.get_by_test_id("copilot-ask").click()
    expect(agent.page.get_by_test_id("copilot")).to_contain_text("Who pays for return shipping?")
    agent.page.get_by_test_id("copilot-take").click()
    expect(agent.page.get_by_test_id("composer")).to_have_value(re.compile("small items are free"))
    expect(customer.messages("agent")).to_have_count(0)
    agent.page.get_by_test_id("send").click()
    customer.sees("small items are free")
    agent.closes()
