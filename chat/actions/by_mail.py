"""Answers by e-mail: where to, asked for or stopped by the customer, and what became of a letter."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from chat import journal
from chat.actions.moving import lock
from chat.actions.opening import conversation_to_write_in
from chat.errors import BadEmail, TooManyAddresses
from chat.facts import ConversationTouched
from chat.journal import Post, author_of_desk
from chat.mailing import ADDRESSES_A_DAY, Mailing, is_address
from chat.notices import BY_MAIL
from supportdesk import bus
from supportdesk.clock import now


@transaction.atomic
def answer_by_mail(*, customer_id: UUID, email: str) -> UUID:
    """Answers that the customer is not there to read go to `email`. The same address again changes nothing.

    Raises:
        BadEmail: it cannot be written to.
        TooManyAddresses: of this customer, today.
    """
    address = email.strip()
    if not is_address(address):
        raise BadEmail
    conversation = lock(conversation_to_write_in(customer_id=customer_id))
    known = Mailing.objects.filter(conversation=conversation).first()
    if known is not None and known.email == address and known.asked_at is not None and not known.is_stopped():
        return conversation.id
    _count(customer_id)
    number = known.addresses + 1 if known is not None else 1
    heard = known is not None and known.email.casefold() == address.casefold()
    Mailing.objects.update_or_create(
        conversation=conversation,
        defaults={
            "email": address, "asked_at": now(), "changed_at": now(), "stopped_at": None, "problem": "",
            "addresses": number, **({} if heard else {"heard_at": None, "heard_id": ""}),
        },
        create_defaults={
            "email": address, "asked_at": now(), "mailed_seq": conversation.customer_read_seq,
        },
    )  # fmt: skip
    code, text = BY_MAIL
    journal.write_one(Post(conversation.id, author_of_desk(), f"{code}-{number}", text, notice=code))
    bus.emit(ConversationTouched(conversation.id))
    return conversation.id


@transaction.atomic
def stop_mail(*, conversation_id: UUID) -> bool:
    """The reader of a letter wants no more of them; whether there was anything to stop."""
    stopped = Mailing.objects.filter(conversation_id=conversation_id, stopped_at=None).update(stopped_at=now())
    if stopped:
        bus.emit(ConversationTouched(conversation_id))
    return bool(stopped)


@transaction.atomic
def note_mail(*, conversation_id: UUID, problem: str) -> None:
    """What became of the last letter: `problem` is why it did not arrive, or ""."""
    changed = Mailing.objects.filter(conversation_id=conversation_id).exclude(problem=problem).update(problem=problem)
    if changed:
        bus.emit(ConversationTouched(conversation_id))


def _count(customer_id: UUID) -> None:
    lately = Mailing.objects.filter(
        conversation__customer_id=customer_id, changed_at__gt=now() - timedelta(days=1), asked_at__isnull=False
    )
    if (lately.aggregate(left=Sum("addresses"))["left"] or 0) >= ADDRESSES_A_DAY:
        raise TooManyAddresses
