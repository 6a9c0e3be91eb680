"""A letter goes out to a real mail server, is answered as mail programs answer, comes back by webhook, and so on."""

from __future__ import annotations

import email
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from agents import presence
from agents.models import Agent
from chat import actions
from chat.models import Customer, Message
from integrations import tokens
from mail import answering, outbox
from supportdesk.clock import now
from supportdesk.redis import redis
from tests.cast import assigned, replies
from tests.postman import Postman

pytestmark = pytest.mark.django_db

ANA = "ana@example.com"


def arrives(postman: Postman) -> EmailMessage:
    answering.mail_answers()
    outbox.send_due()
    (sent,) = postman.letters
    postman.letters.clear()
    return email.message_from_bytes(sent.content, policy=default)


def body(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def as_gmail(text: str, letter: EmailMessage) -> EmailMessage:
    quoted = "\n".join(f"> {line}" for line in body(letter, "plain").splitlines())
    who = "Am Di., 24. Nov. 2026 um 12:00 Uhr schrieb Lumen & Oak <no-reply@shop.example>:"
    made = EmailMessage()
    made.set_content(f"{text}\n\n{who}\n\n{quoted}\n")
    made.add_alternative(
        f'<div dir="ltr">{text}</div><br><div class="gmail_quote">{who}{body(letter, "html")}</div>', subtype="html"
    )
    return made


def as_outlook(text: str, letter: EmailMessage) -> EmailMessage:
    made = EmailMessage()
    made.set_content(
        f"<html><head><style>p {{}}</style></head><body><p>{text}</p><!--[if mso]>no<![endif]-->"
        "<hr><p><b>Von:</b> Lumen &amp; Oak &lt;no-reply@shop.example&gt;<br><b>Gesendet:</b> Dienstag, 24.11.<br>"
        f"<b>An:</b> Ana<br><b>Betreff:</b> Ihre Unterhaltung</p>{body(letter, 'html')}</body></html>",
        subtype="html",
    )
    return made


def answers(made: EmailMessage, letter: EmailMessage, name: str, token: str) -> None:
    made["From"], made["To"], made["Message-ID"] = f"Ana <{ANA}>", letter["Reply-To"], name
    made["Subject"], made["In-Reply-To"] = f"Re: {letter['Subject']}", letter["Message-ID"]
    brought = Client().generic(
        "POST", "/api/v1/mail/inbound/", made.as_bytes(),
        content_type="message/rfc822", headers={"Authorization": f"Bearer {token}"},
    )  # fmt: skip
    assert brought.json()["refused"] == ""


def said(conversation_id: UUID) -> list[tuple[str, str]]:
    rows = Message.objects.filter(conversation_id=conversation_id, author_kind__in=["customer", "agent"])
    return list(rows.order_by("seq").values_list("author_kind", "text"))[1:]


def test_a_conversation_goes_on_by_mail(ana: Customer, bob: Agent, postman: Postman, settings: Any) -> None:
    settings.EMAIL_REPLY, settings.MAIL_SETTLES_S = "reply@shop.example", 0
    redis().set(presence.WATCHED_SINCE, now().timestamp() - 60)
    token = tokens.create(name="mail server", scopes=["mail"])
    conversation = assigned(ana, bob)
    actions.answer_by_mail(customer_id=ana.id, email=ANA)
    replies(bob, conversation.id, "White or blue?", "bob-000001")
    first = arrives(postman)
    answers(as_gmail("Blue, please.", first), first, "<1@example.com>", token)
    replies(bob, conversation.id, "How many?", "bob-000002")
    second = arrives(postman)
    assert second["In-Reply-To"] == "<1@example.com>"
    assert first["References"] in second["References"], "one thread"
    assert "White or blue?" not in body(second, "plain")
    answers(as_outlook("Two &amp; a half.", second), second, "<2@example.com>", token)
    assert said(conversation.id) == [
        ("agent", "White or blue?"),
        ("customer", "Blue, please."),
        ("agent", "How many?"),
        ("customer", "Two & a half."),
    ]
