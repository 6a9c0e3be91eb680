"""Reply addresses and stop links: ours are known again, nobody else's."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail import signing


@pytest.fixture(autouse=True)
def reply(settings: Any) -> None:
    settings.EMAIL_REPLY, settings.SECRET_KEY_FALLBACKS = "reply@shop.example", []


def test_an_address_of_ours_names_its_conversation_whatever_the_case_of_its_letters() -> None:
    conversation_id = uuid4()
    address = signing.reply_address(conversation_id)
    assert len(address.partition("@")[0]) <= 64
    assert signing.conversation_of(address) == conversation_id
    assert signing.conversation_of(f"Lumen & Oak <{address.upper()}>") == conversation_id


def test_another_conversation_needs_another_signature() -> None:
    mine, other = (signing.reply_address(uuid4()) for _ in range(2))
    token = mine.partition(".")[2]
    assert signing.conversation_of(other.partition(".")[0] + "." + token) is None
    assert signing.read(signing.signed(uuid4(), signing.STOP), signing.REPLY) is None


def test_a_new_key_still_knows_the_letters_that_are_out(settings: Any) -> None:
    conversation_id = uuid4()
    address = signing.reply_address(conversation_id)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert signing.conversation_of(address) == conversation_id
    settings.SECRET_KEY_FALLBACKS = []
    assert signing.conversation_of(address) is None


def test_a_desk_that_receives_no_mail_has_no_reply_address(settings: Any) -> None:
    settings.EMAIL_REPLY = ""
    assert signing.reply_address(uuid4()) == ""
    assert signing.conversation_of("+abc@") is None


@given(st.text(max_size=80))
def test_nothing_else_is_ours(local: str) -> None:
    assert signing.conversation_of(f"reply+{local}@shop.example") is None
    assert signing.read(local, signing.STOP) is None


@given(st.uuids())
def test_every_conversation_can_be_named(conversation_id: UUID) -> None:
    assert signing.read(signing.signed(conversation_id, signing.STOP), signing.STOP) == conversation_id
