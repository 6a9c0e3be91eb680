"""What `manage.py check` says about mail."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage

HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def answers_have_an_address(**_: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.EMAIL_IMAP_HOST and not settings.EMAIL_REPLY:
        hint = "Set EMAIL_REPLY to the address whose mailbox that is."
        found.append(
            checks.Warning("EMAIL_IMAP_HOST is set, but letters name no address to answer.", hint, id="mail.W001")
        )
    if settings.EMAIL_IMAP_HOST and not settings.EMAIL_IMAP_TLS and settings.EMAIL_IMAP_HOST not in HERE:
        hint = "Leave EMAIL_IMAP_TLS out, unless the network between is your own."
        found.append(checks.Warning("The mailbox's password goes over the network in clear.", hint, id="mail.W002"))
    return found
