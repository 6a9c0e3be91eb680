"""Mail settings that cannot work are told, not found out by customers."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from mail.checks import answers_have_an_address
from supportdesk.env import env_address


@pytest.mark.parametrize("given", ["", "reply@shop.example", "a.b-c_9@mail.shop.example"])
def test_a_reply_address_is_taken_as_it_is(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_REPLY", given)
    assert env_address("EMAIL_REPLY", most=20) == given


@pytest.mark.parametrize(
    "given", ["reply", "re+ply@shop.example", "a" * 21 + "@shop.example", "Desk <a@b.example>", "a@b@c"]
)
def test_one_that_cannot_be_signed_stops_the_start(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_REPLY", given)
    with pytest.raises(ImproperlyConfigured, match="EMAIL_REPLY"):
        env_address("EMAIL_REPLY", most=20)


@pytest.mark.parametrize(
    ("host", "reply", "tls", "found"),
    [
        ("", "", True, []),
        ("imap.shop.example", "reply@shop.example", True, []),
        ("imap.shop.example", "", True, ["mail.W001"]),
        ("imap.shop.example", "reply@shop.example", False, ["mail.W002"]),
        ("127.0.0.1", "reply@shop.example", False, []),
    ],
)
def test_a_mailbox_without_use_or_protection_is_told(
    host: str, reply: str, tls: bool, found: list[str], settings: Any
) -> None:
    settings.EMAIL_IMAP_HOST, settings.EMAIL_REPLY, settings.EMAIL_IMAP_TLS = host, reply, tls
    assert [message.id for message in answers_have_an_address()] == found
