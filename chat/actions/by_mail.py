"""Answers by e-mail: where to, asked for or stopped by the customer, and what became of a letter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from chat import journal
from chat.actions.moving import lock
from chat.actions.opening import conversation_for_letter, conversation_to_write_in
from chat.actions.to_people import hand_off
from chat.errors import BadEmail, TooManyAddresses, TooManyLetters
from chat.facts import ConversationTouched
from chat.journal import Post, author_of_desk
from chat.lifecycle import Reason, State
from chat.mailing import ADDRESSES_A_DAY, LETTER_IDS, Mailing, is_address
from chat.models import Message
from chat.notices import BY_MAIL, LETTER_CUT
from supportdesk import bus
from supportdesk.clock import now

LETTERS_AN_HOUR = 30
"""Into one conversation."""


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
def write_by_mail(
    *, conversation_id: UUID, client_id: str, text: str, message_id: str, is_cut: bool, files: Sequence[str] = (),
    is_verified: bool = False,
) -> UUID:  # fmt: skip
    """A customer's answer to a letter about `conversation_id`; where it came to. The same letter again is one.

    `files` came with it and are not kept. What people had answered last goes to people again, not to the bot. So does
    whatever comes from a sender who is not verified: no bot acts on it, and it proves nothing about the address.

    Raises:
        TooManyLetters: within the hour.
        ClientIdReused: it came before with other words.
    """
    conversation = conversation_for_letter(conversation_id=conversation_id, client_id=client_id)
    customer = conversation.customer
    lately = Message.objects.filter(
        conversation=conversation, client_id__startswith=LETTER_IDS, posted_at__gt=now() - timedelta(hours=1)
    )
    if lately.exclude(client_id=client_id).count() >= LETTERS_AN_HOUR:
        raise TooManyLetters
    spoke_last = _who_spoke_last(conversation_id)
    stored = journal.write_one(
        Post(conversation.id, journal.author("customer", customer.id, str(customer)), client_id, text)
    )
    if not stored.is_new:
        return conversation.id
    if is_cut:
        code, words = LETTER_CUT
        said = f"{words} With it came: {', '.join(files)}." if files else words
        journal.write_one(Post(conversation.id, author_of_desk(), f"{code}-{client_id}", said, notice=code))
    _note_heard(conversation.id, conversation_id, message_id, is_verified=is_verified)
    if conversation.state == State.BOT and (spoke_last == Message.Author.AGENT or not is_verified):
        why = "answered a person's letter" if is_verified else "a letter whose sender is not verified"
        hand_off(conversation_id=conversation.id, reason=Reason.POLICY, why=why)
    bus.emit(ConversationTouched(conversation.id))
    return conversation.id


def _who_spoke_last(conversation_id: UUID) -> str | None:
    said = Message.objects.filter(
        conversation_id=conversation_id, author_kind__in=[Message.Author.AGENT, Message.Author.BOT]
    )
    return said.order_by("-seq").values_list("author_kind", flat=True).first()


def _note_heard(conversation_id: UUID, answered_id: UUID, message_id: str, *, is_verified: bool) -> None:
    """He is known to read that address, and has asked for answers there by writing from it. One who is not verified
    only goes on with the thread: letters that were stopped stay so, and those to another address go there."""
    answered = Mailing.objects.get(conversation_id=answered_id)
    elsewhere = Mailing.objects.filter(conversation_id=conversation_id).exclude(email=answered.email)
    if not is_verified and elsewhere.exists():
        return
    heard: dict[str, Any] = {"email": answered.email, "heard_id": message_id[:200], "problem": ""}
    if is_verified:
        heard |= {"asked_at": now(), "heard_at": now()}
    first = {**heard, "addresses": 0, "asked_at": heard.get("asked_at", answered.asked_at)}
    first["stopped_at"] = None if is_verified else answered.stopped_at
    Mailing.objects.update_or_create(conversation_id=conversation_id, defaults=heard, create_defaults=first)


@transaction.atomic
def stop_mail(*, conversation_id: UUID) -> bool:
    """The reader of a letter wants no more of them; whether there was anything to stop."""
    stopped = Mailing.objects.filter(conversation_id=conversation_id, stopped_at=None).update(stopped_at=now())
    if stopped:
        bus.emit(ConversationTouched(conversation_id))
    return bool(stopped)


def mark_mailed(*, conversation_id: UUID, email: str, before_seq: int, upto_seq: int) -> bool:
    """Everything up to `upto_seq` goes to `email` with the caller's transaction; False if another was faster."""
    Mailing.objects.get_or_create(
        conversation_id=conversation_id, defaults={"email": email, "mailed_seq": before_seq, "addresses": 0}
    )
    mine = Mailing.objects.filter(conversation_id=conversation_id, email=email, mailed_seq=before_seq)
    if not mine.update(mailed_seq=upto_seq):
        return False
    bus.emit(ConversationTouched(conversation_id))
    return True


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
