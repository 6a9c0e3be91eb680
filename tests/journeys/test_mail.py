"""The customer leaves an address and goes; the answer follows him by e-mail, and what he answers is in the timeline."""

from __future__ import annotations

import email
import urllib.request
from email.message import EmailMessage
from email.policy import default

import pytest
from playwright.sync_api import expect

from tests.desk import Desk, until
from tests.journeys.conftest import AgentPage, CustomerPage

pytestmark = pytest.mark.journey

ANA = "ana@example.com"


def letters_with(desk: Desk, words: str) -> list[EmailMessage]:
    """What the desk, which has no mail server here, put into its outbox."""
    files = (desk.var / "outbox").glob("*")
    letters = (email.message_from_bytes(path.read_bytes().rpartition(b"---\n")[0], policy=default) for path in files)
    return [letter for letter in letters if words in letter.as_string()]


def answer_to(letter: EmailMessage, text: str) -> bytes:
    """As her mail program writes it: above what she answers."""
    body = letter.get_body(("plain",))
    assert body is not None
    quoted = "\n".join(f"> {line}" for line in body.get_content().splitlines())
    answer = EmailMessage()
    answer["From"], answer["To"], answer["Message-ID"] = ANA, letter["Reply-To"], "<answer-1@example.com>"
    answer["Subject"], answer["In-Reply-To"] = f"Re: {letter['Subject']}", letter["Message-ID"]
    answer.set_content(f"{text}\n\nOn 24 Nov 2026 at 12:00 Lumen & Oak <{letter['From']}> wrote:\n\n{quoted}\n")
    return answer.as_bytes()


def brings(desk: Desk, raw: bytes) -> None:
    """What her shop's mail server does."""
    headers = {
        "Content-Type": "message/rfc822",
        "Authorization": f"Bearer {desk.create_token('mail server', 'mail')}",
    }
    request = urllib.request.Request(f"{desk.url}/api/v1/mail/inbound/", raw, headers)  # noqa: S310  # our own desk
    with urllib.request.urlopen(request, timeout=10) as answered:  # noqa: S310  # our own desk
        assert b'"refused":""' in answered.read().replace(b" ", b"")


def test_the_answer_follows_by_e_mail_and_hers_comes_back(desk: Desk, customer: CustomerPage, agent: AgentPage) -> None:
    customer.says("The shade of my lamp is cracked")
    customer.asks_for_a_person()
    customer.widget.get_by_test_id("answer-by-mail").click()
    customer.widget.get_by_test_id("mail-address").fill("ana@example")
    customer.widget.get_by_test_id("mail-submit").click()
    expect(customer.widget.locator("#mail-problem")).to_contain_text("cannot write to this address")
    customer.widget.get_by_test_id("mail-address").fill(ANA)
    customer.widget.get_by_test_id("mail-submit").click()
    expect(customer.widget.get_by_test_id("mail-to")).to_contain_text(ANA)
    agent.accepts()
    customer.page.close()
    agent.says("Would you like a white or a blue one?")
    until(lambda: letters_with(desk, "white or a blue"), 30, "no letter came")
    (letter,) = letters_with(desk, "white or a blue")
    assert letter["To"] == ANA
    expect(agent.page.get_by_test_id("mailed")).to_be_visible()
    brings(desk, answer_to(letter, "The blue one, please."))
    agent.sees("The blue one, please.")
    expect(agent.page.get_by_test_id("timeline")).not_to_contain_text("> ")
    agent.closes()
