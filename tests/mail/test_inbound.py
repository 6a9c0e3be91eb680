"""An answer by e-mail comes back into its conversation: once, as the customer's, and only his."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from pydantic import TypeAdapter, ValidationError

from agents import presence
from agents.models import Agent
from chat import actions
from chat.actions.moving import by_agent
from chat.lifecycle import State
from chat.models import Conversation, Customer, Event, Inbox, Mailing, Message
from chat.protocol import ClientId
from integrations import tokens
from mail import answering, inbound, outbox, signing
from mail.inbound import LETTER_BYTES, NO_WORDS, Taken
from mail.models import Letter
from supportdesk.clock import now
from supportdesk.redis import redis
from tests.cast import assigned, bot_answers, conversation_of, replies, says
from tests.mail.letters import ADDRESS, letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def receiving(settings: Any) -> None:
    settings.EMAIL_REPLY, settings.MAIL_SETTLES_S = "reply@shop.example", 0
    redis().set(presence.WATCHED_SINCE, now().timestamp() - 60)


@pytest.fixture
def conversation(ana: Customer, bob: Agent) -> Conversation:
    found = assigned(ana, bob)
    actions.answer_by_mail(customer_id=ana.id, email=ADDRESS)
    replies(bob, found.id, "Which one?", "bob-000001")
    return found


CONFIRMED = {"Authentication_Results": "mx.shop.example; dmarc=pass header.from=example.com"}


def said(conversation_id: UUID) -> list[str]:
    mine = Message.objects.filter(conversation_id=conversation_id, author_kind=Message.Author.CUSTOMER)
    return list(mine.order_by("seq").values_list("text", flat=True))


def take(conversation: Conversation, text: str = "The blue one, please.", **headers: str) -> Taken:
    return inbound.take(letter(conversation.id, text, **headers).as_bytes())


def test_it_is_the_customers_next_message(conversation: Conversation) -> None:
    assert take(conversation) == Taken(conversation.id)
    assert said(conversation.id)[-1] == "The blue one, please."
    row = Conversation.objects.get(pk=conversation.pk)
    assert (row.state, row.unanswered) == (State.ASSIGNED, True)
    assert row.customer_read_seq == row.last_seq, "who answers has read"


def test_brought_twice_it_is_written_once(conversation: Conversation) -> None:
    assert take(conversation) == take(conversation) == Taken(conversation.id)
    assert said(conversation.id).count("The blue one, please.") == 1


def test_another_text_under_the_same_id_is_refused(conversation: Conversation) -> None:
    take(conversation)
    assert take(conversation, "Something else").reason == "a Message-ID with other words than before"


def test_without_a_message_id_the_same_letter_is_known_by_its_words(conversation: Conversation) -> None:
    take(conversation, Message_ID="")
    take(conversation, Message_ID="")
    take(conversation, "Something else", Message_ID="")
    assert said(conversation.id)[1:] == ["The blue one, please.", "Something else"]


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"From": "dan@example.com"}, "not the customer's address"),
        ({"To": "reply@shop.example"}, "no reply address of ours"),
        ({"To": "reply+aaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaa@shop.example"}, "no reply address of ours"),
        ({"Auto_Submitted": "auto-replied"}, "an automatic answer"),
        ({"X_Supportdesk": "1"}, "our own letter"),
    ],
)
def test_what_is_not_the_customers_answer_stays_outside(
    conversation: Conversation, headers: dict[str, str], reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        assert take(conversation, "secret words", **headers) == Taken(None, reason)
    assert len(said(conversation.id)) == 1
    assert reason in caplog.text
    assert "secret" not in caplog.text
    assert "@" not in caplog.text


def test_an_answer_from_another_address_is_told_to_the_agent(conversation: Conversation) -> None:
    take(conversation, From="ana@work.example")
    assert Mailing.objects.get().problem == inbound.FROM_ELSEWHERE
    take(conversation)
    assert Mailing.objects.get().problem == ""


def test_a_signed_address_of_no_conversation_is_refused(conversation: Conversation) -> None:
    assert inbound.take(letter(uuid4()).as_bytes()).reason == "no such conversation"


def test_where_it_was_delivered_goes_before_what_it_says(conversation: Conversation) -> None:
    raw = letter(conversation.id, To="undisclosed@example.com").as_bytes()
    assert inbound.take(raw, envelope_to=signing.reply_address(conversation.id)) == Taken(conversation.id)
    again = letter(conversation.id, Message_ID="<2@example.com>").as_bytes()
    assert inbound.take(again, envelope_to="sales@shop.example").reason == "no reply address of ours"


def test_too_large_is_refused_unread(conversation: Conversation) -> None:
    assert inbound.take(b"x", size=LETTER_BYTES + 1).reason == "too large"


def test_what_was_left_out_is_said(conversation: Conversation) -> None:
    made = letter(conversation.id, "See the picture")
    made.add_attachment(b"GIF89a", "image", "gif", filename="lamp.gif")
    inbound.take(made.as_bytes())
    assert list(Message.objects.filter(notice="letter_cut").values_list("text", flat=True)) != []
    assert said(conversation.id)[-1] == "See the picture"


def test_files_are_named_with_their_sizes_and_nothing_of_them_is_kept(conversation: Conversation) -> None:
    made = letter(conversation.id, "See the picture")
    made.add_attachment(b"x" * 2_000, "image", "gif", filename="../../etc/lamp.gif")
    made.add_attachment(b"y" * 400_000, "application", "pdf", filename="C:\\plans\\\u202eplan.pdf")
    made.add_attachment(b"z" * 900_000, "application", "zip", filename="n" * 200 + ".zip")
    inbound.take(made.as_bytes())
    (told,) = Message.objects.filter(notice="letter_cut").values_list("text", flat=True)
    assert "lamp.gif (2 kB), plan.pdf (0.4 MB), nnn" in told
    assert "n.zip (large)" in told
    assert ".." not in told.replace("…", "")
    assert len(told) < 300


def test_no_more_than_ten_files_are_named(conversation: Conversation) -> None:
    made = letter(conversation.id, "Pictures")
    for number in range(30):
        made.add_attachment(b"x", "image", "gif", filename=f"{number}.gif")
    inbound.take(made.as_bytes())
    (told,) = Message.objects.filter(notice="letter_cut").values_list("text", flat=True)
    assert (told.count(".gif"), "9.gif (1 kB)." in told) == (10, True)


@pytest.mark.parametrize("name", ["=?\udcffutf-8?B?4oCu?=", "=?utf-8?B?====?=", "=?idna?Q?=FF?="])
def test_a_name_that_cannot_be_decoded_keeps_no_letter_out(conversation: Conversation, name: str) -> None:
    raw = letter(conversation.id, "See the plan")
    raw.add_attachment(b"x" * 2_000, "application", "pdf", filename="NAME")
    odd = raw.as_bytes().replace(b"NAME", name.encode("utf-8", "surrogateescape"))
    assert inbound.take(odd) == Taken(conversation.id)
    assert said(conversation.id)[-1] == "See the plan"


def test_no_client_can_name_a_message_as_letters_are_named(conversation: Conversation) -> None:
    take(conversation)
    (name,) = Message.objects.filter(client_id__startswith="mail").values_list("client_id", flat=True)
    with pytest.raises(ValidationError):
        TypeAdapter(ClientId).validate_python(name)


class TestSender:
    """Without a mail server's verdict a sender may be forged, by whoever has got hold of the signed address."""

    @pytest.fixture
    def with_the_bot(self, ana: Customer) -> Conversation:
        says(ana, "hello", "ana-000001")
        actions.answer_by_mail(customer_id=ana.id, email=ADDRESS)
        found = conversation_of(ana)
        bot_answers(found, "Hello, I am the bot. Which order?")
        return found

    def test_one_who_is_not_verified_is_marked_and_goes_to_people(self, with_the_bot: Conversation) -> None:
        take(with_the_bot, "Please cancel my order 1042")
        row = Conversation.objects.get(pk=with_the_bot.pk)
        assert row.state == State.QUEUED, "no bot acts on it"
        assert not Conversation.objects.unrouted().exists()
        assert row.messages.get(author_kind="customer", text__startswith="Please").client_id.startswith("mail:u:")
        assert Mailing.objects.get().heard_at is None, "it proves nothing about the address"

    def test_one_who_is_verified_is_the_customer(self, with_the_bot: Conversation, settings: Any) -> None:
        settings.EMAIL_AUTHSERV = "mx.shop.example"
        take(with_the_bot, "Order 1042", **CONFIRMED)
        row = Conversation.objects.get(pk=with_the_bot.pk)
        assert (row.state, row.to_route_seq) == (State.BOT, row.last_seq)
        assert not row.messages.filter(client_id__startswith="mail:u:").exists()
        assert Mailing.objects.get().heard_at is not None

    def test_letters_that_were_stopped_are_begun_again_by_a_verified_answer_only(
        self, conversation: Conversation, settings: Any
    ) -> None:
        actions.stop_mail(conversation_id=conversation.id)
        take(conversation)
        assert Mailing.objects.get().is_stopped()
        settings.EMAIL_AUTHSERV = "mx.shop.example"
        take(conversation, "It is me", Message_ID="<2@example.com>", **CONFIRMED)
        assert not Mailing.objects.get().is_stopped()

    def test_one_who_is_not_verified_moves_no_answers_to_another_address(
        self, conversation: Conversation, bob: Agent, ana: Customer
    ) -> None:
        actions.close(conversation_id=conversation.id, actor=by_agent(bob))
        Conversation.objects.update(closed_at=now() - timedelta(days=30))
        actions.answer_by_mail(customer_id=ana.id, email="new@example.com")
        other = conversation_of(ana)
        assert take(conversation) == Taken(other.id)
        assert Mailing.objects.get(conversation=other).email == "new@example.com"

    def test_a_new_conversation_does_not_begin_them_again(
        self, conversation: Conversation, bob: Agent, ana: Customer
    ) -> None:
        actions.stop_mail(conversation_id=conversation.id)
        actions.close(conversation_id=conversation.id, actor=by_agent(bob))
        Conversation.objects.update(closed_at=now() - timedelta(days=30))
        take(conversation)
        assert Mailing.objects.get(conversation=conversation_of(ana)).is_stopped()


def test_a_letter_without_words_is_refused_unless_files_came_with_it(conversation: Conversation) -> None:
    assert take(conversation, "\n").reason == "no words"
    made = letter(conversation.id, "\n")
    made.add_attachment(b"GIF89a", "image", "gif", filename="lamp.gif")
    inbound.take(made.as_bytes())
    assert said(conversation.id)[-1] == NO_WORDS


def test_a_long_text_is_cut_and_said_so(conversation: Conversation) -> None:
    take(conversation, "word " * 3_000)
    assert len(said(conversation.id)[-1]) == 4_000
    assert Message.objects.filter(notice="letter_cut").exists()


def test_a_closed_conversation_is_opened_again_and_goes_to_people(conversation: Conversation, bob: Agent) -> None:
    actions.close(conversation_id=conversation.id, actor=by_agent(bob))
    assert take(conversation) == Taken(conversation.id)
    row = Conversation.objects.get(pk=conversation.pk)
    assert (row.state, row.preferred_agent_id) == (State.QUEUED, bob.id)
    triggers = Event.objects.filter(conversation=row).order_by("-id").values_list("trigger", flat=True)
    assert list(triggers[:2]) == ["handoff_requested", "reopened"]


def test_one_closed_long_ago_is_followed_by_a_new_one(conversation: Conversation, bob: Agent, ana: Customer) -> None:
    actions.close(conversation_id=conversation.id, actor=by_agent(bob))
    Conversation.objects.update(closed_at=now() - timedelta(days=30))
    taken = take(conversation)
    assert taken.conversation_id not in (None, conversation.id)
    assert taken == take(conversation), "brought again"
    fresh = conversation_of(ana)
    assert (fresh.state, said(fresh.id)) == (State.QUEUED, ["The blue one, please."])
    assert Mailing.objects.get(conversation=fresh).email == ADDRESS


def test_an_open_conversation_goes_before_the_one_it_answers(
    conversation: Conversation, bob: Agent, ana: Customer
) -> None:
    actions.close(conversation_id=conversation.id, actor=by_agent(bob))
    Conversation.objects.update(closed_at=now() - timedelta(hours=2))
    says(ana, "And another thing", "ana-000009")
    other = conversation_of(ana)
    assert other.id != conversation.id
    assert take(conversation) == Taken(other.id)


def test_the_bot_answers_by_mail_who_wrote_by_mail(ana: Customer, settings: Any) -> None:
    settings.EMAIL_AUTHSERV = "mx.shop.example"
    says(ana, "hello", "ana-000001")
    actions.answer_by_mail(customer_id=ana.id, email=ADDRESS)
    conversation = conversation_of(ana)
    bot_answers(conversation, "Hello, I am the bot")
    answering.mail_answers()
    assert not Letter.objects.exists()
    take(conversation, "How long may I return it?", **CONFIRMED)
    row = Conversation.objects.get(pk=conversation.pk)
    assert row.state == State.BOT, "the bot spoke last"
    bot_answers(row, "Thirty days.", upto_seq=row.last_seq)
    answering.mail_answers()
    sent = Letter.objects.get()
    assert "Thirty days." in sent.body
    assert sent.headers["Auto-Submitted"] == "auto-replied"
    assert sent.headers["In-Reply-To"] == "<1@example.com>"
    assert sent.subject.startswith("Re: ")


def test_a_flood_is_stopped(conversation: Conversation) -> None:
    found = [take(conversation, Message_ID=f"<{n}@example.com>").reason for n in range(32)]
    assert (found.count(""), found[-1]) == (30, "too many letters")


def bounced(letter_id: UUID, action: str = "failed", status: str = "5.1.1") -> bytes:
    return (
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.com\nTo: no-reply@shop.example\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n--b\n"
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\nAction: {action}\n"
        f"Status: {status}\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{letter_id.hex}@localhost>\n--b--\n"
    ).encode()


def sent(conversation_id: UUID | None) -> UUID:
    fields = {"to": ADDRESS, "use_until": now(), "state": Letter.State.SENT, "about": conversation_id}
    return Letter.objects.create(pk=uuid4(), **fields).pk


def test_a_bounce_is_told_to_the_agent(conversation: Conversation) -> None:
    assert inbound.take(bounced(sent(conversation.id))).reason == "a bounce"
    assert Mailing.objects.get().problem == "The address was refused (5.1.1): ask for another one."
    assert len(said(conversation.id)) == 1


def test_a_code_that_bounced_counts_as_not_delivered(inbox: Inbox) -> None:
    letter_id = sent(None)
    inbound.take(bounced(letter_id))
    assert outbox.problem_with(letter_id) == "bounced 5.1.1"


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("failed", "4.4.1"), ("delivered", "2.0.0")])
def test_a_delay_is_no_bounce(conversation: Conversation, action: str, status: str) -> None:
    inbound.take(bounced(sent(conversation.id), action, status))
    inbound.take(bounced(uuid4()))
    assert Mailing.objects.get().problem == ""


def by_webhook(raw: bytes, token: str, content_type: str = "message/rfc822") -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    return Client().generic("POST", "/api/v1/mail/inbound/", raw, content_type=content_type, headers=headers)


def test_by_webhook(conversation: Conversation, inbox: Inbox) -> None:
    token = tokens.create(name="mail", scopes=["mail"])
    answer = by_webhook(letter(conversation.id).as_bytes(), token)
    assert (answer.status_code, answer.json()) == (200, {"conversation_id": str(conversation.id), "refused": ""})
    refused = by_webhook(letter(conversation.id, From="dan@example.com").as_bytes(), token).json()
    assert refused == {"conversation_id": None, "refused": "not the customer's address"}


@pytest.mark.parametrize(
    ("scope", "content_type", "raw", "status"),
    [
        ("write", "message/rfc822", b"x", 403),
        ("mail", "application/json", b"{}", 415),
        ("mail", "message/rfc822", b"", 400),
        ("mail", "message/rfc822", b"\x00" * 3_000_000, 200),
    ],
)
def test_the_webhook_takes_letters_from_who_may_bring_them(
    inbox: Inbox, scope: str, content_type: str, raw: bytes, status: int
) -> None:
    assert by_webhook(raw, tokens.create(name="t", scopes=[scope]), content_type).status_code == status
    assert by_webhook(raw, "desk_forged", content_type).status_code == 401
