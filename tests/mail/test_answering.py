"""Customers who are not there get what people answered by e-mail: once, threaded, and never what is not theirs."""

from __future__ import annotations

import email
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from agents import presence
from agents.models import Agent
from chat import actions
from chat.actions.moving import by_agent
from chat.models import Conversation, Customer, Inbox, Mailing, Message
from mail import answering, outbox, signing
from mail.models import Letter
from supportdesk.clock import now
from supportdesk.redis import redis
from tests.cast import assigned, bot_answers, conversation_of, replies, says
from tests.postman import Postman

pytestmark = pytest.mark.django_db

ADDRESS = "ana@example.com"


@pytest.fixture(autouse=True)
def settled(settings: Any) -> None:
    redis().set(presence.WATCHED_SINCE, now().timestamp() - 60)
    settings.MAIL_SETTLES_S, settings.EMAIL_REPLY = 0, "reply@shop.example"
    settings.DEFAULT_FROM_EMAIL = "The desk <no-reply@shop.example>"


def asked(customer: Customer, agent: Agent) -> Conversation:
    conversation = assigned(customer, agent)
    actions.answer_by_mail(customer_id=customer.id, email=ADDRESS)
    return conversation


def went_out(postman: Postman) -> list[EmailMessage]:
    answering.mail_answers()
    outbox.send_due()
    found = [email.message_from_bytes(sent.content, policy=default) for sent in postman.letters]
    postman.letters.clear()
    return found


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_who_asked_and_left_gets_the_answer_once(ana: Customer, bob: Agent, postman: Postman) -> None:
    conversation = asked(ana, bob)
    replies(bob, conversation.id, "I will send a new shade.", "bob-000001")
    replies(bob, conversation.id, "Is <white> all right?", "bob-000002")
    (sent,) = went_out(postman)
    assert sent["To"] == ADDRESS
    assert sent["From"] in ("Lumen & Oak <no-reply@shop.example>", '"Lumen & Oak" <no-reply@shop.example>')
    assert signing.conversation_of(sent["Reply-To"]) == conversation.id
    assert sent["List-Unsubscribe"].strip() == f"<{signing.stop_link(conversation.id)}>"
    assert "Auto-Submitted" not in sent, "a person wrote it"
    assert "I will send a new shade." in text_of(sent)
    assert "Is <white> all right?" in text_of(sent)
    html = sent.get_body(("html",))
    assert html is not None
    assert "Is &lt;white&gt; all right?" in html.get_content()
    assert went_out(postman) == []
    assert Mailing.objects.get().mailed_seq == Conversation.objects.get().last_seq


def test_letters_of_one_conversation_are_one_thread(ana: Customer, bob: Agent, postman: Postman) -> None:
    conversation = asked(ana, bob)
    replies(bob, conversation.id, "one", "bob-000001")
    (first,) = went_out(postman)
    replies(bob, conversation.id, "two", "bob-000002")
    (second,) = went_out(postman)
    assert first["Message-ID"] != second["Message-ID"]
    assert first["References"] == second["References"]
    assert first["Subject"] == second["Subject"]
    assert "one" not in text_of(second)


def test_who_is_there_or_has_read_it_gets_none(ana: Customer, bob: Agent, postman: Postman) -> None:
    conversation = asked(ana, bob)
    replies(bob, conversation.id, "Hello", "bob-000001")
    presence.customer_heard(ana.id, "socket")
    assert went_out(postman) == []
    presence.customers_heard([])
    redis().delete(presence.CUSTOMERS)
    actions.mark_read(conversation_id=conversation.id, reader="customer", seq=Conversation.objects.get().last_seq)
    assert went_out(postman) == []


def test_notes_notices_and_the_bot_are_not_mailed(ana: Customer, bob: Agent, postman: Postman) -> None:
    says(ana, "hello", "ana-000000")
    bot_answers(conversation_of(ana), "I am the bot")
    conversation = asked(ana, bob)
    actions.add_note(conversation_id=conversation.id, agent=bob, client_id="note-0001", text="he is rude")
    assert went_out(postman) == []
    replies(bob, conversation.id, "Hello Ana", "bob-000001")
    (sent,) = went_out(postman)
    said = sent.as_string()
    for unsaid in ("rude", "I am the bot", "has joined", "My lamp arrived broken"):
        assert unsaid not in said


def signed_in(customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(verified=True, external_id="42", email="ana@shop.example")


def passed(seconds: int) -> None:
    Message.objects.update(posted_at=now() - timedelta(seconds=seconds))


def test_a_signed_in_customer_who_is_away_for_a_while_need_not_ask(ana: Customer, bob: Agent, postman: Postman) -> None:
    signed_in(ana)
    conversation = assigned(ana, bob)
    replies(bob, conversation.id, "Hello", "bob-000001")
    assert went_out(postman) == []
    passed(200)
    (sent,) = went_out(postman)
    assert sent["To"] == "ana@shop.example"
    assert went_out(postman) == []


def test_a_merchant_may_leave_that_out(ana: Customer, bob: Agent, inbox: Inbox, postman: Postman) -> None:
    signed_in(ana)
    Inbox.objects.update(mail_after_s=0)
    conversation = assigned(ana, bob)
    replies(bob, conversation.id, "Hello", "bob-000001")
    passed(10_000)
    assert went_out(postman) == []


def test_an_address_nobody_vouches_for_is_not_used(ana: Customer, bob: Agent, postman: Postman) -> None:
    Customer.objects.filter(pk=ana.pk).update(email="somebody@example.com")
    conversation = assigned(ana, bob)
    replies(bob, conversation.id, "Hello", "bob-000001")
    passed(10_000)
    assert went_out(postman) == []


def test_who_closed_the_chat_right_after_the_answer_still_gets_it(ana: Customer, bob: Agent, postman: Postman) -> None:
    conversation = asked(ana, bob)
    replies(bob, conversation.id, "Here is your refund.", "bob-000001")
    actions.close(conversation_id=conversation.id, actor=by_agent(bob))
    (sent,) = went_out(postman)
    assert "refund" in text_of(sent)


def test_a_redis_that_forgot_who_is_online_sends_nothing(ana: Customer, bob: Agent, postman: Postman) -> None:
    conversation = asked(ana, bob)
    replies(bob, conversation.id, "Hello", "bob-000001")
    redis().delete(presence.WATCHED_SINCE)
    assert went_out(postman) == []


def test_two_senders_at_once_write_one_letter(ana: Customer, bob: Agent) -> None:
    conversation = asked(ana, bob)
    replies(bob, conversation.id, "Hello", "bob-000001")
    (page,) = list(answering._pages())
    assert [answering._write(page[0], is_online=False) for _ in range(2)] == [True, False]
    assert Letter.objects.count() == 1


def test_nobodys_mailbox_is_flooded(ana: Customer, bob: Agent) -> None:
    conversation = asked(ana, bob)
    for number in range(answering.LETTERS_A_DAY):
        Letter.objects.create(pk=UUID(int=number), to=ADDRESS, subject="", body="", use_until=now())
    replies(bob, conversation.id, "Hello", "bob-000001")
    answering.mail_answers()
    assert Letter.objects.count() == answering.LETTERS_A_DAY
    assert "letters a day" in Mailing.objects.get().problem


def test_a_box_that_does_not_exist_is_shown_to_the_agent(ana: Customer, bob: Agent, postman: Postman) -> None:
    postman.knows = set()
    conversation = asked(ana, bob)
    replies(bob, conversation.id, "Hello", "bob-000001")
    went_out(postman)
    assert Mailing.objects.get().problem == "The address was refused (550): ask for another one."
    postman.knows = None
    replies(bob, conversation.id, "Hello again", "bob-000002")
    went_out(postman)
    assert Mailing.objects.get().problem == ""


def test_a_mail_server_that_stays_away_is_told_to_the_agent_until_it_is_back(
    ana: Customer, bob: Agent, postman: Postman
) -> None:
    conversation = asked(ana, bob)
    replies(bob, conversation.id, "Hello", "bob-000001")
    postman.answers = ["451 later"] * outbox.TOLD_AFTER
    seen = []
    for _ in range(outbox.TOLD_AFTER + 1):
        went_out(postman)
        Letter.objects.filter(state=Letter.State.WAITING).update(due=now())
        seen.append(Mailing.objects.get().problem)
    assert seen == ["", "", "Not sent yet, still trying: SMTPDataError 451.", ""]


def test_looking_at_the_stop_page_changes_nothing_its_button_does(ana: Customer, bob: Agent, postman: Postman) -> None:
    conversation = asked(ana, bob)
    page = signing.stop_link(conversation.id).partition("/mail/")[2]
    visitor = Client(enforce_csrf_checks=True)
    assert "<button>" in visitor.get(f"/mail/{page}").content.decode()
    assert not Mailing.objects.get().is_stopped()
    assert "no more letters" in visitor.post(f"/mail/{page}", {"List-Unsubscribe": "One-Click"}).content.decode()
    replies(bob, conversation.id, "Hello", "bob-000001")
    assert went_out(postman) == []
    actions.answer_by_mail(customer_id=ana.id, email=ADDRESS)
    assert len(went_out(postman)) == 1


def test_a_forged_stop_link_stops_nothing(ana: Customer, bob: Agent) -> None:
    conversation = asked(ana, bob)
    forged = signing.signed(conversation.id, signing.REPLY)
    assert Client().post(f"/mail/stop/{forged}/").status_code == 404
    assert not Mailing.objects.get().is_stopped()


def test_the_link_leads_to_the_merchants_own_pages_only(ana: Customer) -> None:
    says(ana, "hello", "ana-000001")
    conversation = conversation_of(ana)
    for page, link in [
        ("https://shop.example/lamps", "https://shop.example/lamps"),
        ("https://evil.example/lamps", "https://shop.example"),
        ("javascript:alert(1)", "https://shop.example"),
    ]:
        conversation.customer.page = page
        assert answering.chat_link(conversation) == link


def test_many_who_cannot_get_a_letter_yet_do_not_hold_up_another(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = [Customer.objects.create(inbox=inbox, verified=True, external_id=str(n), email=ADDRESS) for n in range(3)]
    rows = [Conversation(inbox=inbox, customer=one, deadline=now(), last_seq=1) for one in waiting]
    Conversation.objects.bulk_create(rows)
    Message.objects.bulk_create(
        Message(conversation=row, seq=1, author_kind="agent", client_id="bob-000001", text="Hi", posted_at=now())
        for row in rows
    )
    monkeypatch.setattr(answering, "PAGE", 2)
    assert [len(found) for found in answering._pages()] == [2, 1]
