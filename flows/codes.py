"""One-time codes that prove an e-mail address. Computed from the proof's id and the desk's key, so none is stored."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from chat.models import Customer
from flows.lines import lines
from flows.models import CODE_MINUTES, EmailProof
from mail import outbox
from supportdesk.clock import now

PER_EMAIL_AN_HOUR = 5
"""Nobody's mailbox may be flooded by strangers who type its address."""
PER_CUSTOMER_AN_HOUR = 6


class TooManyCodes(Exception):
    """Enough codes were mailed within the hour."""


def code_of(proof_id: UUID) -> str:
    """Six digits."""
    digest = salted_hmac("flows.codes", proof_id.hex, algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def proof_id_of(run_id: UUID, number: int) -> UUID:
    """The same for the same request, so that a turn taken twice mails the same code and stores one row."""
    return UUID(bytes=hmac.digest(run_id.bytes, f"proof-{number}".encode(), hashlib.sha256)[:16])


def mail_code(*, customer: Customer, email: str, run_id: UUID, number: int, shop: str, language: str = "en") -> None:
    """Stores the proof that is asked for and, in the same transaction, the letter with its code.

    Raises:
        TooManyCodes: for this address or by this customer.
    """
    since = now() - timedelta(hours=1)
    recent = EmailProof.objects.filter(sent_at__gt=since).exclude(pk=proof_id_of(run_id, number))
    if recent.filter(email=email).count() >= PER_EMAIL_AN_HOUR:
        raise TooManyCodes("this address")
    if recent.filter(customer=customer).count() >= PER_CUSTOMER_AN_HOUR:
        raise TooManyCodes("this customer")
    proof_id, said = proof_id_of(run_id, number), lines(language)
    with transaction.atomic():
        EmailProof.objects.get_or_create(pk=proof_id, defaults={"customer": customer, "email": email})
        outbox.write_letter(
            letter_id=proof_id,
            to=email,
            subject=said.letter_subject.format(shop=shop),
            body=said.letter.format(shop=shop, code=code_of(proof_id), minutes=CODE_MINUTES),
            use_until=now() + timedelta(minutes=CODE_MINUTES),
        )


def problem_with(run_id: UUID, number: int) -> str:
    """Why the letter with this code has not gone out, or ""."""
    return outbox.problem_with(proof_id_of(run_id, number))


def open_code(customer_id: UUID, email: str) -> EmailProof | None:
    """The newest proof asked for whose code may still be used."""
    found = EmailProof.objects.filter(customer_id=customer_id, email=email).order_by("-sent_at").first()
    return found if found is not None and found.is_open(now()) else None


def proven_email(customer_id: UUID) -> str:
    """The address that this customer has lately proved, or ""."""
    moment = now()
    rows = EmailProof.objects.filter(customer_id=customer_id, proven_at__isnull=False).order_by("-proven_at")[:1]
    return next((row.email for row in rows if row.holds(moment)), "")
