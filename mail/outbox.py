"""Letters in and out: written within the caller's transaction, sent at least once under one Message-ID.

A sender claims a letter by moving its `due` (compare-and-swap): a loser stops quietly, and one who dies while sending
is followed by another when the lease is over.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import formataddr, parseaddr
from uuid import UUID

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from chat import actions
from mail import errands
from mail.attempts import BOUNCED, Failure, failure_of, next_attempt, told
from mail.models import Letter, LetterQuerySet
from supportdesk.clock import now

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
BATCH = 50
KEPT = timedelta(days=30)
"""How long it is known to whom a letter went."""
TOLD_AFTER = 3
"""Attempts: some 20 seconds. What lasts longer agents should know of."""
AUTOMATIC = {"Auto-Submitted": "auto-generated"}
"""Nobody's own words: other programs must not answer."""
OURS = "X-Supportdesk"
"""In every letter: one that comes back to us is going in circles."""


def write_letter(
    *,
    letter_id: UUID,
    to: str,
    subject: str,
    body: str,
    use_until: datetime,
    html: str = "",
    sender: str = "",
    headers: Mapping[str, str] = AUTOMATIC,
    about: UUID | None = None,
) -> None:
    """In the caller's transaction. Written twice under one id is written once.

    Raises:
        BadHeaderError: a line break in what becomes a header.
    """
    if any(mark in text for text in (to, subject, sender, *headers.values()) for mark in "\r\n"):
        raise BadHeaderError("A line break in a letter's head")
    fields = {
        "to": to, "subject": subject[:200], "body": body, "html": html, "sender": sender[:100],
        "headers": dict(headers), "about": about, "use_until": use_until,
    }  # fmt: skip
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


@transaction.atomic
def note_bounce(letter_id: UUID, status: str) -> bool:
    """Another server refused it after ours had taken it; whether it was a letter of ours."""
    problem = f"{BOUNCED} {status}"
    mine = Letter.objects.filter(pk=letter_id, state=Letter.State.SENT)
    if not mine.update(state=Letter.State.FAILED, problem=problem):
        return False
    about = Letter.objects.values_list("about", flat=True).get(pk=letter_id)
    if about is not None:
        actions.note_mail(conversation_id=about, problem=told(problem))
    return True


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
        return failure
    is_mine = _mine(letter).update(due=again, problem=failure.problem)
    if is_mine and letter.about is not None and letter.attempts >= TOLD_AFTER:
        actions.note_mail(conversation_id=letter.about, problem=f"Not sent yet, still trying: {failure.problem}.")
    return failure


def message_of(letter: Letter) -> EmailMultiAlternatives:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.body,
        from_email=formataddr((letter.sender or name, address)),
        to=[letter.to],
        headers={"Message-ID": message_id(letter.pk), OURS: "1", **letter.headers},
    )
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    return message


def message_id(name: UUID) -> str:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{name.hex}@{domain}>"


def _mine(letter: Letter) -> LetterQuerySet:
    return Letter.objects.filter(pk=letter.pk, due=letter.due, state=Letter.State.WAITING)


@transaction.atomic
def _end(letter: Letter, state: Letter.State, problem: str) -> None:
    ended = Letter.objects.filter(pk=letter.pk, state=Letter.State.WAITING).update(
        state=state, problem=problem, body="", html="", ended_at=now()
    )
    if ended and letter.about is not None:
        actions.note_mail(conversation_id=letter.about, problem=told(problem))
