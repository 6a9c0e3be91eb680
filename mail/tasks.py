"""What the Celery workers are woken for: letters. Run twice is run once."""

from __future__ import annotations

import imaplib
import logging
from threading import Lock

from celery import shared_task
from django.conf import settings

from mail import answering, imap, outbox
from supportdesk.redis import RedisError

log = logging.getLogger(__name__)

_sending, _fetching = Lock(), Lock()


@shared_task
def send_letters() -> None:
    """One sender in a process: a slow mail server holds one of its threads, never all."""
    if _sending.acquire(blocking=False):
        try:
            outbox.send_due()
        finally:
            _sending.release()


@shared_task
def mail_answers() -> None:
    try:
        answering.mail_answers()
    except RedisError as error:
        log.warning("letters wait: Redis is away, nobody knows who is online (%s)", type(error).__name__)


@shared_task
def fetch_letters() -> None:
    """From the mailbox, where the desk has one. Two fetches at once would be harmless."""
    if settings.EMAIL_IMAP_HOST and _fetching.acquire(blocking=False):
        try:
            imap.poll()
        except (OSError, imaplib.IMAP4.error, imap.BoxFailed) as error:
            log.warning("the mailbox cannot be read (%s): trying again", type(error).__name__)
        finally:
            _fetching.release()


@shared_task
def forget_letters() -> None:
    outbox.forget_old()
