"""What the Celery workers are woken for: letters. Run twice is run once."""

from __future__ import annotations

from threading import Lock

from celery import shared_task

from mail import outbox

_sending = Lock()


@shared_task
def send_letters() -> None:
    """One sender in a process: a slow mail server holds one of its threads, never all."""
    if _sending.acquire(blocking=False):
        try:
            outbox.send_due()
        finally:
            _sending.release()


@shared_task
def forget_letters() -> None:
    outbox.forget_old()
