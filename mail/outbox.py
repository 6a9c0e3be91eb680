"""Letters in and out: written within the caller's transaction, sent at least once under one Message-ID.

A sender claims a letter by moving its `due` (compare-and-swap): a loser stops quietly, and one who dies while sending
is followed by another when the lease is over.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from email.utils import parseaddr
from uuid import UUID

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from mail import errands
from mail.attempts import Failure, failure_of, next_attempt
from mail.models import Letter, LetterQuerySet
from supportdesk.clock import now

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
BATCH = 50
KEPT = timedelta(days=30)
"""How long it is known to whom a letter went."""


def write_letter(*, letter_id: UUID, to: str, subject: str, body: str, use_until: datetime) -> None:
    """In the caller's transaction. Written twice under one id is written once.

    Raises:
        BadHeaderError: a line break in the address or the subject.
    """
    if any(mark in text for text in (to, subject) for mark in "\r\n"):
        raise BadHeaderError("A line break in a letter's head")
    fields = {"to": to, "subject": subject[:200], "body": body, "use_until": use_until}
    Letter.objects.get_or_create(pk=letter_id, defaults=fields)
    transaction.on_commit(errands.wake_sending)


def problem_with(letter_id: UUID) -> str:
    """Why this letter has not gone out though it was tried, or ""."""
    return Letter.objects.filter(pk=letter_id).values_list("problem", flat=True).first() or ""


def send_due() -> int:
    """Sends what is due; returns how many the server took. A server that fails is left alone until the next time."""
    sent = 0
    connection = get_connection()
    try:
        for _ in range(BATCH):
            letter = _claimed()
            if letter is None:
                break
            failure = _attempt(letter, connection)
            sent += failure is None
            if failure is not None and not failure.of_letter:
                break
    finally:
        connection.close()
    return sent


def forget_old() -> int:
    return Letter.objects.filter(ended_at__lt=now() - KEPT).delete()[0]


def _claimed() -> Letter | None:
    """The letter that is due longest, for this sender alone."""
    moment = now()
    letter = Letter.objects.due_by(moment).order_by("due").first()
    if letter is None:
        return None
    lease, attempts = moment + LEASE, letter.attempts + 1
    mine = Letter.objects.filter(pk=letter.pk, due=letter.due, attempts=letter.attempts, state=Letter.State.WAITING)
    if not mine.update(due=lease, attempts=attempts):
        return None
    letter.due, letter.attempts = lease, attempts
    return letter


def _attempt(letter: Letter, connection: BaseEmailBackend) -> Failure | None:
    if letter.use_until <= now():
        failure = Failure("too late to be of use", of_letter=True, for_good=True)
    else:
        try:
            connection.open()
            connection.send_messages([message_of(letter)])
        except OSError as error:
            failure = failure_of(error)
        else:
            _end(letter, Letter.State.SENT, "")
            return None
    again = next_attempt(failure, letter.attempts, now(), letter.use_until)
    log.warning("letter %s: %s, %s", letter.pk, failure.problem, "later" if again else "given up")
    if again is None:
        _end(letter, Letter.State.FAILED, failure.problem)
    else:
        _mine(letter).update(due=again, problem=failure.problem)
    return failure


def message_of(letter: Letter) -> EmailMessage:
    _, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    domain = sender.rpartition("@")[2] or "localhost"
    return EmailMessage(
        subject=letter.subject,
        body=letter.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[letter.to],
        headers={"Message-ID": f"<{letter.pk.hex}@{domain}>", "Auto-Submitted": "auto-generated"},
    )


def _mine(letter: Letter) -> LetterQuerySet:
    return Letter.objects.filter(pk=letter.pk, due=letter.due, state=Letter.State.WAITING)


def _end(letter: Letter, state: Letter.State, problem: str) -> None:
    Letter.objects.filter(pk=letter.pk, state=Letter.State.WAITING).update(
        state=state, problem=problem, body="", ended_at=now()
    )
