"""Finds the answers that customers are not there to read, and writes them letters. Run twice is run once.

A conversation is claimed by moving its `mailed_seq` in the transaction that writes the letter: a loser writes none.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from agents import presence
from chat import actions
from chat.lifecycle import State
from chat.models import Conversation, Mailing, Message
from chat.sessions import is_allowed
from mail import composing, outbox, signing
from mail.due import TOLD, Line, Reader, letter_of
from mail.models import Letter
from mail.words import words_in
from supportdesk.clock import now

log = logging.getLogger(__name__)

PAGE = 200
LOOKED_BACK = timedelta(days=3)
"""An answer that could not be mailed for so long is not news any more."""
ENDED_WITHIN = timedelta(days=1)
"""How long after its end a conversation is looked at."""
LINES_MOST = 50
"""In one letter; the next one has the rest."""
LETTERS_A_DAY = 30
"""To one address, whatever the number of conversations."""


def mail_answers() -> int:
    """Returns how many letters were written."""
    if not presence.is_settled():
        return 0  # Redis lost its memory: everybody would seem to be away
    written = 0
    for page in _pages():
        online = presence.online_customers(row.customer_id for row in page)
        written += sum(_write(row, is_online=str(row.customer_id) in online) for row in page)
    return written


def _pages() -> Iterator[list[Conversation]]:
    """The open ones, then those that ended lately: each has an index of its own."""
    for which in (~Q(state=State.CLOSED), Q(state=State.CLOSED, closed_at__gt=now() - ENDED_WITHIN)):
        rows, after = _unread().filter(which), UUID(int=0)
        while page := list(rows.filter(pk__gt=after).order_by("pk")[:PAGE]):
            yield page
            after = page[-1].pk


def _unread() -> QuerySet[Conversation]:
    """Has an address, and an answer that was neither read nor mailed."""
    since = now() - LOOKED_BACK
    answered = Q(author_kind=Message.Author.AGENT) | Q(
        Q(author_kind=Message.Author.BOT) | Q(notice__in=TOLD), conversation__mailing__heard_at__isnull=False
    )
    unseen = Message.objects.filter(answered, conversation=OuterRef("pk"), seq__gt=OuterRef("known_seq"))
    own = Q(mailing=None, customer__verified=True, inbox__mail_after_s__gt=0) & ~Q(customer__email="")
    left = Q(mailing__isnull=False) & (Q(mailing__stopped_at=None) | Q(mailing__asked_at__gt=F("mailing__stopped_at")))
    return (
        Conversation.objects.filter(left | own)
        .annotate(known_seq=Greatest(F("customer_read_seq"), Coalesce(F("mailing__mailed_seq"), 0)))
        .filter(Exists(unseen), last_seq__gt=F("known_seq"), last_message_at__gt=since)
        .select_related("inbox", "customer", "mailing")
    )


@transaction.atomic
def _write(row: Conversation, *, is_online: bool) -> bool:
    mailing: Mailing | None = getattr(row, "mailing", None)
    address, before = (mailing.email, mailing.mailed_seq) if mailing else (row.customer.email, 0)
    reader = Reader(
        is_online,
        asked=mailing is not None and mailing.asked_at is not None,
        heard=mailing is not None and mailing.heard_at is not None,
        away=timedelta(seconds=row.inbox.mail_after_s),
    )
    unread = _lines(row.pk, max(row.customer_read_seq, before))
    lines = letter_of(unread, reader, now(), timedelta(seconds=settings.MAIL_SETTLES_S))
    if not lines:
        return False
    if not actions.mark_mailed(conversation_id=row.pk, email=address, before_seq=before, upto_seq=lines[-1].seq):
        return False
    if Letter.objects.filter(to=address, written_at__gt=now() - timedelta(days=1)).count() >= LETTERS_A_DAY:
        actions.note_mail(conversation_id=row.pk, problem=f"Not sent: {LETTERS_A_DAY} letters a day to one address.")
        return False
    _letter(row, mailing, address, lines)
    return True


def _letter(row: Conversation, mailing: Mailing | None, address: str, lines: Sequence[Line]) -> None:
    shop = " ".join(row.inbox.name.split())
    reply_to, stop = signing.reply_address(row.pk), signing.stop_link(row.pk)
    frame = composing.Frame(shop, words_in(row.language), chat_link(row), stop, can_answer=bool(reply_to))
    written = composing.compose(lines, frame)
    heard_id = mailing.heard_id if mailing else ""
    root = outbox.message_id(row.pk)
    headers = {
        "In-Reply-To": heard_id or root,
        "References": f"{root} {heard_id}".strip(),
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    if reply_to:
        headers["Reply-To"] = reply_to
    if all(line.kind != "agent" for line in lines):
        headers["Auto-Submitted"] = "auto-replied"
    outbox.write_letter(
        letter_id=uuid5(row.pk, f"{address} {lines[-1].seq}"),
        to=address,
        subject=f"Re: {written.subject}" if heard_id else written.subject,
        body=written.text,
        html=written.html,
        sender=shop,
        headers=headers,
        about=row.pk,
        use_until=now() + LOOKED_BACK,
    )


def chat_link(row: Conversation) -> str:
    """The page the customer chatted on, if it is the merchant's: the address came from a browser."""
    page = urlsplit(row.customer.page)
    if page.scheme in ("http", "https") and is_allowed(f"{page.scheme}://{page.netloc}", row.inbox):
        return row.customer.page
    return next((origin for origin in row.inbox.allowed_origins if origin.startswith("http")), "")


def _lines(conversation_id: UUID, after_seq: int) -> list[Line]:
    spoken = Q(author_kind__in=[Message.Author.AGENT, Message.Author.BOT]) | Q(notice__in=TOLD)
    rows = Message.objects.filter(spoken, conversation_id=conversation_id, seq__gt=after_seq).order_by("seq")
    fields = rows.values_list("seq", "author_kind", "author_name", "text", "notice", "posted_at")
    return [Line(*row) for row in fields[:LINES_MOST]]
