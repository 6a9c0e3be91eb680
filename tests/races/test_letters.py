"""Letters in and out by several workers at once: one letter, one message, one Message-ID."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from agents import presence
from agents.models import Agent
from chat import actions
from chat.models import Conversation, Customer, Message
from mail import answering, inbound, outbox
from mail.models import Letter
from supportdesk.clock import now
from supportdesk.redis import redis
from tests.cast import assigned, replies
from tests.floor import flushed
from tests.mail.letters import ADDRESS, letter
from tests.postman import Postman
from tests.races.test_offers import at_once

__all__ = ["flushed"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("flushed")]

WORKERS = 6


@pytest.fixture
def conversation(ana: Customer, bob: Agent, settings: Any) -> Conversation:
    settings.EMAIL_REPLY, settings.MAIL_SETTLES_S = "reply@shop.example", 0
    redis().set(presence.WATCHED_SINCE, now().timestamp() - 60)
    found = assigned(ana, bob)
    actions.answer_by_mail(customer_id=ana.id, email=ADDRESS)
    replies(bob, found.id, "Which one?", "bob-000001")
    return found


def test_workers_who_look_at_once_write_one_letter_and_send_it_once(
    conversation: Conversation, postman: Postman
) -> None:
    for number in range(3):
        replies(conversation.agent, conversation.id, f"one more {number}", f"bob-10000{number}")  # type: ignore[arg-type]  # assigned
        assert sum(int(str(written)) for written in at_once(*[answering.mail_answers] * WORKERS)) == 1
    assert sum(int(str(sent)) for sent in at_once(*[outbox.send_due] * WORKERS)) == 3
    assert len(postman.letters) == Letter.objects.filter(state=Letter.State.SENT).count() == 3


def test_a_letter_that_is_brought_by_many_at_once_is_one_message(conversation: Conversation) -> None:
    raw = letter(conversation.id).as_bytes()
    assert at_once(*[partial(inbound.take, raw)] * WORKERS) == [inbound.Taken(conversation.id)] * WORKERS
    assert Message.objects.filter(client_id__startswith="mail:").count() == 1


def test_different_letters_at_once_are_all_there(conversation: Conversation) -> None:
    letters = [letter(conversation.id, f"words {n}", Message_ID=f"<{n}@example.com>") for n in range(WORKERS)]
    at_once(*[partial(inbound.take, one.as_bytes()) for one in letters])
    seqs = list(Message.objects.filter(conversation=conversation).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))
    assert Message.objects.filter(client_id__startswith="mail:").count() == WORKERS


def test_letters_to_a_closed_conversation_open_it_once(conversation: Conversation) -> None:
    actions.close_current(customer_id=conversation.customer_id)
    letters = [letter(conversation.id, f"words {n}", Message_ID=f"<{n}@example.com>") for n in range(WORKERS)]
    at_once(*[partial(inbound.take, one.as_bytes()) for one in letters])
    assert Conversation.objects.count() == 1
    assert Message.objects.filter(client_id__startswith="mail:").count() == WORKERS
