"""Letters: sent once, tried again, given up; nothing of them stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from mail import outbox
from mail.attempts import FIRST_AGAIN, LONGEST, MOST_ATTEMPTS, failure_of, next_attempt
from mail.models import Letter
from supportdesk.clock import now
from tests.desk import free_port
from tests.postman import Postman

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
BUSY = failure_of(ConnectionRefusedError())


def written(to: str = "ana@example.com", minutes: int = 60) -> UUID:
    letter_id = uuid4()
    until = now() + timedelta(minutes=minutes)
    outbox.write_letter(letter_id=letter_id, to=to, subject="Grüße", body="Your code: 123456", use_until=until)
    return letter_id


def due_again() -> None:
    Letter.objects.filter(state=Letter.State.WAITING).update(due=now())


@pytest.mark.django_db
def test_a_letter_goes_out_once_and_its_words_are_not_kept(postman: Postman) -> None:
    letter_id = written()
    assert (outbox.send_due(), outbox.send_due()) == (1, 0)
    (letter,) = postman.letters
    assert f"Message-ID: <{letter_id.hex}@".encode() in letter.content
    assert b"Auto-Submitted: auto-generated" in letter.content
    row = Letter.objects.get()
    assert (row.state, row.body, row.attempts) == (Letter.State.SENT, "", 1)


@pytest.mark.django_db
def test_a_letter_of_a_transaction_that_fails_was_never_written() -> None:
    with transaction.atomic():
        written()
        transaction.set_rollback(True)
    assert not Letter.objects.exists()


@pytest.mark.django_db
def test_who_has_no_box_is_not_tried_again_and_holds_up_nobody(postman: Postman) -> None:
    postman.knows = {"ana@example.com"}
    nobody = written("nobody@example.com")
    written()
    assert outbox.send_due() == 1
    assert outbox.problem_with(nobody) == "SMTPRecipientsRefused 550"
    assert Letter.objects.get(pk=nobody).body == ""


@pytest.mark.django_db
def test_a_server_that_is_busy_gets_it_later(postman: Postman) -> None:
    postman.answers = ["451 try again later"]
    letter_id = written()
    assert outbox.send_due() == 0
    assert outbox.problem_with(letter_id) == "SMTPDataError 451"
    due_again()
    assert outbox.send_due() == 1
    assert outbox.problem_with(letter_id) == ""


@pytest.mark.django_db
def test_a_server_that_is_away_is_asked_once_for_all(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    written(), written()
    assert outbox.send_due() == 0
    assert sorted(Letter.objects.values_list("attempts", flat=True)) == [0, 1]


@pytest.mark.django_db
def test_a_sender_who_dies_is_followed_by_another(postman: Postman) -> None:
    written()
    claimed = outbox._claimed()
    assert claimed is not None
    assert outbox.send_due() == 0
    due_again()
    assert outbox.send_due() == 1


@pytest.mark.django_db
def test_a_server_that_took_it_and_hung_up_gets_it_again_under_the_same_name(postman: Postman) -> None:
    letter_id = written()
    postman.hangs_up = True
    assert outbox.send_due() == 0
    assert outbox.problem_with(letter_id) == "SMTPServerDisconnected"
    postman.hangs_up = False
    due_again()
    assert outbox.send_due() == 1
    names = {line for sent in postman.letters for line in sent.content.splitlines() if line.startswith(b"Message-ID")}
    assert (len(postman.letters), len(names)) == (2, 1)


@pytest.mark.django_db
def test_what_is_too_late_is_not_sent(postman: Postman) -> None:
    letter_id = written(minutes=-1)
    assert outbox.send_due() == 0
    assert outbox.problem_with(letter_id) == "too late to be of use"
    assert postman.letters == []


@pytest.mark.django_db
def test_old_letters_are_forgotten(postman: Postman) -> None:
    written(), written()
    outbox.send_due()
    first = Letter.objects.first()
    assert first is not None
    Letter.objects.filter(pk=first.pk).update(ended_at=now() - outbox.KEPT - timedelta(hours=1))
    assert (outbox.forget_old(), Letter.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_without_a_server_letters_are_files(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    written()
    outbox.send_due()
    (letter,) = tmp_path.iterdir()
    assert "ana@example.com" in letter.read_text()


@pytest.mark.parametrize(
    ("error", "of_letter", "for_good"),
    [
        (SMTPRecipientsRefused({"ana@example.com": (550, b"no")}), True, True),
        (SMTPRecipientsRefused({"ana@example.com": (450, b"full")}), True, False),
        (SMTPDataError(554, b"spam"), True, True),
        (SMTPSenderRefused(550, b"not you", "desk@example.com"), True, False),
        (SMTPAuthenticationError(535, b"password"), False, False),
        (TimeoutError(), False, False),
    ],
)
def test_what_an_error_means(error: OSError, of_letter: bool, for_good: bool) -> None:
    failure = failure_of(error)
    assert (failure.of_letter, failure.for_good) == (of_letter, for_good)


def test_attempts_are_ever_further_apart_and_end() -> None:
    far = NOON + timedelta(days=9)
    waits = [next_attempt(BUSY, tries, NOON, far) for tries in range(1, MOST_ATTEMPTS + 1)]
    assert waits[0] == NOON + FIRST_AGAIN
    assert waits[-2] == NOON + LONGEST
    assert waits[-1] is None
    assert next_attempt(BUSY, 1, NOON, NOON + FIRST_AGAIN) is None
