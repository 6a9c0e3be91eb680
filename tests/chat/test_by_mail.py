"""Where answers go by e-mail: left by the customer, checked, bounded, stopped."""

from __future__ import annotations

from typing import Any

import pytest

from agents.models import Agent
from chat import actions, snapshots
from chat.errors import BadEmail, TooManyAddresses
from chat.mailing import ADDRESSES_A_DAY, Mailing
from chat.models import Customer, Inbox, Message
from tests.api import speakers
from tests.cast import assigned, conversation_of

ADDRESS = "ana@example.com"


def leave(customer: Customer, email: str = ADDRESS) -> None:
    actions.answer_by_mail(customer_id=customer.id, email=email)


def notices() -> list[str | None]:
    return list(Message.objects.filter(notice="answer_by_mail").values_list("client_id", flat=True))


def test_an_address_is_kept_with_the_conversation_and_both_sides_see_it(ana: Customer, bob: Agent) -> None:
    conversation = assigned(ana, bob)
    leave(ana, f" {ADDRESS} ")
    to_customer, to_desk = snapshots.for_both(conversation.id)
    assert (to_customer.mail_to, to_desk.mail_to, to_desk.mail_problem) == (ADDRESS, ADDRESS, "")
    assert notices() == ["answer_by_mail-1"]


def test_before_the_first_message_it_opens_the_conversation(ana: Customer) -> None:
    leave(ana)
    assert Mailing.objects.get().conversation_id == conversation_of(ana).id


def test_the_same_address_again_changes_nothing_and_another_replaces_it(ana: Customer) -> None:
    leave(ana)
    leave(ana)
    assert notices() == ["answer_by_mail-1"]
    leave(ana, "ana@work.example")
    assert Mailing.objects.get().email == "ana@work.example"
    assert notices() == ["answer_by_mail-1", "answer_by_mail-2"]


@pytest.mark.parametrize(
    "email",
    ["", "ana", "ana@", "a@b", "ana@example.com\nBcc: dan@example.com", "ana@exa mple.com", "a" * 250 + "@example.com",
     "desk@shop.example", "REPLY@shop.example", "reply+abc@shop.example"],
)  # fmt: skip
def test_what_cannot_be_written_to_is_refused(ana: Customer, email: str, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL, settings.EMAIL_REPLY = "The desk <desk@shop.example>", "reply@shop.example"
    with pytest.raises(BadEmail):
        leave(ana, email)
    assert not Mailing.objects.exists()


def test_nobody_has_strangers_written_to_by_the_dozen(ana: Customer) -> None:
    for number in range(ADDRESSES_A_DAY):
        leave(ana, f"ana{number}@example.com")
    with pytest.raises(TooManyAddresses):
        leave(ana, "one-more@example.com")
    leave(ana, f"ana{ADDRESSES_A_DAY - 1}@example.com")


def test_who_stops_the_letters_may_ask_for_them_again(ana: Customer) -> None:
    leave(ana)
    conversation = conversation_of(ana)
    assert actions.stop_mail(conversation_id=conversation.id)
    assert not actions.stop_mail(conversation_id=conversation.id)
    assert snapshots.for_customer(conversation.id).mail_to is None
    leave(ana)
    assert snapshots.for_customer(conversation.id).mail_to == ADDRESS


def test_a_new_address_is_not_known_to_be_his_until_he_writes_from_it(ana: Customer) -> None:
    leave(ana)
    Mailing.objects.update(heard_id="<1@example.com>", heard_at=conversation_of(ana).opened_at)
    leave(ana, "dan@example.com")
    row = Mailing.objects.get()
    assert (row.heard_id, row.heard_at) == ("", None)


def test_the_agent_sees_that_a_letter_did_not_arrive(ana: Customer, bob: Agent) -> None:
    conversation = assigned(ana, bob)
    leave(ana)
    actions.note_mail(conversation_id=conversation.id, problem="The address was refused.")
    assert snapshots.for_desk(conversation.id).mail_problem == "The address was refused."
    leave(ana, "ana@work.example")
    assert snapshots.for_desk(conversation.id).mail_problem == ""


def test_over_rest_a_bad_address_has_its_code(inbox: Inbox) -> None:
    ana = speakers.customer()
    assert ana.does("customer/conversation/answer_by_mail/", {"email": ADDRESS})["mail_to"] == ADDRESS
    assert ana.is_refused("customer/conversation/answer_by_mail/", {"email": "ana at home"}) == (400, "bad_email")
