"""Where answers go by e-mail while the customer is away: an address, how far it was written to, and what stopped it.

Imports no other model; `chat.models` names it. The letters themselves are `mail`'s.
"""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models

from supportdesk.clock import now

ADDRESS_CHARS = 254
ADDRESSES_A_DAY = 5
"""Of one customer: nobody has strangers written to by the dozen."""
LETTER_IDS = "mail:"
"""So begins the `client_id` of a letter's message, with a sign that protocol.ClientId has not: no client sends one."""


class Mailing(models.Model):
    """One a conversation, from the first address or letter on."""

    conversation = models.OneToOneField("chat.Conversation", on_delete=models.CASCADE, related_name="mailing")
    email = models.CharField(max_length=ADDRESS_CHARS)
    asked_at = models.DateTimeField(null=True, help_text="The customer asked for answers there; else it is his own.")
    addresses = models.PositiveSmallIntegerField(default=1, help_text="How many were left here, one after the other.")
    changed_at = models.DateTimeField(default=now)
    stopped_at = models.DateTimeField(null=True, help_text="He wants no more letters, unless he asks again.")
    mailed_seq = models.PositiveIntegerField(default=0, help_text="Everything up to here was mailed, or was read.")
    heard_id = models.CharField(max_length=200, blank=True, help_text="Message-ID of the last letter from him.")
    heard_at = models.DateTimeField(null=True, help_text="When it came: since then the address is known to be his.")
    problem = models.CharField(max_length=100, blank=True, help_text="Why the last letter did not arrive.")

    def is_stopped(self) -> bool:
        return self.stopped_at is not None and (self.asked_at is None or self.asked_at <= self.stopped_at)


def is_address(text: str) -> bool:
    """One that can be written to; never the desk's own, which would be answering itself."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= ADDRESS_CHARS and not is_own(text)


def is_own(address: str) -> bool:
    """The desk's sender or one of its reply addresses."""
    local, _, domain = address.casefold().rpartition("@")
    for own in (parseaddr(settings.DEFAULT_FROM_EMAIL)[1], settings.EMAIL_REPLY):
        own_local, _, own_domain = own.casefold().rpartition("@")
        if own_domain and domain == own_domain and local.partition("+")[0] == own_local:
            return True
    return False
