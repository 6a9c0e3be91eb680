"""Fetches letters from a mailbox. What was taken or refused is marked as read; what could not be stored is not."""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from mail import inbound
from mail.mime import READ_BYTES

log = logging.getLogger(__name__)

TIMEOUT_S = 20.0
LETTERS_MOST = 50
"""In one poll."""
SIZE = re.compile(rb"RFC822\.SIZE (\d{1,12})")


class BoxFailed(Exception):
    """The mail server said no, or something that is not IMAP."""


def poll() -> int:
    """Returns how many letters came into conversations.

    Raises:
        OSError, imaplib.IMAP4.error, BoxFailed: the mailbox cannot be read; the next poll tries again.
    """
    box = _opened()
    try:
        found = _asked(box.uid("SEARCH", "UNSEEN"))
        uids = (found[0] or b"").split() if found else []
        return sum(_take(box, uid.decode("ascii")) for uid in uids[:LETTERS_MOST])
    finally:
        try:
            box.logout()
        except (OSError, imaplib.IMAP4.error) as error:
            log.debug("imap: no goodbye (%s)", type(error).__name__)


def _opened() -> imaplib.IMAP4:
    host, port = settings.EMAIL_IMAP_HOST, settings.EMAIL_IMAP_PORT
    box: imaplib.IMAP4
    if settings.EMAIL_IMAP_TLS:
        box = imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT_S)
    else:
        box = imaplib.IMAP4(host, port, timeout=TIMEOUT_S)
    box.login(settings.EMAIL_IMAP_USER, settings.EMAIL_IMAP_PASSWORD)
    _asked(box.select(_quoted(settings.EMAIL_IMAP_FOLDER)))
    return box


def _take(box: imaplib.IMAP4, uid: str) -> bool:
    fetched = _asked(box.uid("FETCH", uid, f"(RFC822.SIZE BODY.PEEK[]<0.{READ_BYTES}>)"))
    taken = False
    for item in fetched:
        if isinstance(item, tuple) and len(item) == 2:
            said = b" ".join(part for part in [item[0], *(i for i in fetched if isinstance(i, bytes))])
            size = SIZE.search(said)
            taken = _taken(item[1], int(size.group(1)) if size else len(item[1]))
            break
    _asked(box.uid("STORE", uid, "+FLAGS", r"(\Seen)"))
    return taken


def _taken(raw: bytes, size: int) -> bool:
    try:
        return inbound.take(raw, size=size).conversation_id is not None
    except DatabaseError:
        raise
    except Exception:  # one letter that nobody has thought of must not keep the others out
        log.exception("imap: a letter could not be read")
        return False


def _asked(answer: tuple[str, list[Any]]) -> list[Any]:
    status, found = answer
    if status != "OK":
        raise BoxFailed(status)
    return found


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
