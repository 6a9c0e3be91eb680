"""A customer's session: from a site key, a kept token and the merchant's signed identity to a Customer.

Tokens are 256 random bits; only their hash is stored. An identity is a JWT (HS256, RFC 7519) that the merchant signs.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import jwt
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from chat.errors import (
    BadIdentity,
    BadToken,
    IdentityExpired,
    OriginNotAllowed,
    TokenExpired,
    TooManyVisitors,
    UnknownSite,
)
from chat.models import VALUE_MOST, Customer, CustomerSession, Inbox
from chat.protocol import is_storable
from supportdesk.clock import now
from supportdesk.limits import Rate, count

log = logging.getLogger(__name__)

TOKEN_DAYS = 30
EXTENDED_AFTER = timedelta(days=1)
"""A visit extends its token at most so often: a thousand who come back at once need not write a thousand rows."""
NEW_VISITORS = Rate(settings.NEW_VISITORS_PER_MINUTE)
"""Per network address: a whole office may share one, a flood may not fill the table."""
IDENTITY_LEEWAY_S = 30
IDENTITY_MOST_S = 86_400
"""A signed identity lives a day at most: one that leaks must not open a customer's chats for ever."""


@dataclass(frozen=True, slots=True)
class Opened:
    """`token` is the one to keep: the one given, or a new one."""

    customer: Customer
    token: str


def inbox_of(site_key: str, origin: str | None, known: Inbox | None = None) -> Inbox:
    """The inbox behind a site key, for a page of `origin` (None: not a browser); often the one `known` already.

    Raises:
        UnknownSite, OriginNotAllowed.
    """
    inbox = known if known is not None and known.site_key == site_key else _by_key(site_key)
    if inbox is None:
        raise UnknownSite
    if origin is not None and not is_allowed(origin, inbox):
        raise OriginNotAllowed
    return inbox


def _by_key(site_key: str) -> Inbox | None:
    return Inbox.objects.filter(site_key=site_key).first()


def is_allowed(origin: str, inbox: Inbox) -> bool:
    """The desk's own origin (the widget's frame), or one of the inbox's."""
    if origin.lower() in (allowed.rstrip("/").lower() for allowed in [settings.PUBLIC_URL, *inbox.allowed_origins]):
        return True
    host = urlsplit(origin)
    return host.hostname in ("localhost", "127.0.0.1") and host.port == settings.PORT


@transaction.atomic
def open_session(
    *,
    site_key: str,
    token: str | None = None,
    identity: str | None = None,
    locale: str | None = None,
    page: str | None = None,
    origin: str | None = None,
    address: str = "",
) -> Opened:
    """Finds or makes the customer. `address` is the network address that new customers are counted by.

    Raises:
        UnknownSite, OriginNotAllowed, BadToken, TokenExpired, BadIdentity, IdentityExpired, TooManyVisitors.
    """
    session = _found(token) if token else None
    inbox = inbox_of(site_key, origin, session.customer.inbox if session else None)
    if token:
        session = _checked(session, inbox)
    claims = verified_claims(identity, inbox) if identity else None
    customer = session.customer if session else None
    if claims is not None:
        customer = _identified(inbox, claims, customer)
        if session is not None and session.customer_id != customer.id:
            session.revoked_at = now()
            session.save(update_fields=["revoked_at"])
            session = None
    if customer is None:
        if count("visitor", address, NEW_VISITORS):
            raise TooManyVisitors
        customer = Customer.objects.create(inbox=inbox)
    _note_visit(customer, locale, page)
    if session is not None and token is not None:
        if session.expires_at < now() + timedelta(days=TOKEN_DAYS) - EXTENDED_AFTER:
            session.expires_at = now() + timedelta(days=TOKEN_DAYS)
            session.save(update_fields=["expires_at"])
        return Opened(customer, token)
    return Opened(customer, _new_token(customer))


def end_session(token: str) -> None:
    """The token is refused from now on."""
    CustomerSession.objects.filter(token_hash=hash_of(token), revoked_at=None).update(revoked_at=now())


def customer_of(token: str) -> Customer:
    """Whose session this is (REST).

    Raises:
        BadToken, TokenExpired.
    """
    return _checked(_found(token), None).customer


def verified_claims(identity: str, inbox: Inbox) -> dict[str, Any]:
    """The claims of a JWT that this inbox's merchant signed: `sub`, and optionally `name`, `email` and `value`.

    Raises:
        BadIdentity: forged, another algorithm, no sub or exp, or valid for more than a day.
        IdentityExpired: it was valid once.
    """
    try:
        claims: dict[str, Any] = jwt.decode(
            identity,
            inbox.identity_secret,
            algorithms=["HS256"],
            leeway=IDENTITY_LEEWAY_S,
            options={"require": ["sub", "exp"], "verify_aud": False},
        )
    except jwt.ExpiredSignatureError:
        raise IdentityExpired from None
    except (jwt.PyJWTError, OverflowError, ValueError):  # an exp beyond every calendar is not the library's error
        raise BadIdentity from None
    subject = claims["sub"]
    too_long = claims["exp"] - now().timestamp() > IDENTITY_MOST_S
    if not isinstance(subject, str) or not 0 < len(subject) <= 200 or not is_storable(subject) or too_long:
        raise BadIdentity
    return claims


def _found(token: str) -> CustomerSession | None:
    return CustomerSession.objects.select_related("customer__inbox").filter(token_hash=hash_of(token)).first()


def _checked(session: CustomerSession | None, inbox: Inbox | None) -> CustomerSession:
    """Raises: BadToken, TokenExpired."""
    if session is None or session.revoked_at is not None:
        raise BadToken
    if inbox is not None and session.customer.inbox_id != inbox.id:
        raise BadToken
    if session.expires_at <= now():
        raise TokenExpired
    return session


def _identified(inbox: Inbox, claims: dict[str, Any], visitor: Customer | None) -> Customer:
    """The merchant's customer: known already, or this visitor from now on, or a new one.

    A visitor who turns out to be a known customer leaves his conversations behind with the visitor: on a shared
    computer they may be somebody else's.
    """
    known = Customer.objects.filter(inbox=inbox, external_id=claims["sub"]).first()
    if known is None:
        is_fresh = visitor is not None and visitor.external_id is None
        known = visitor if visitor is not None and is_fresh else Customer(inbox=inbox)
        known.external_id = claims["sub"]
    known.verified = True
    known.name = _line(claims.get("name"), 200) or known.name
    known.email = _email(claims.get("email")) or known.email
    known.value = _value(claims.get("value"), inbox)
    try:
        with transaction.atomic():
            known.save()
    except IntegrityError:  # two tabs signed in at once: the other was first
        return Customer.objects.get(inbox=inbox, external_id=claims["sub"])
    return known


def _value(value: object, inbox: Inbox) -> int | None:
    """A merchant who signs another value, or none, has changed his mind."""
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= VALUE_MOST:
        return value
    log.warning("inbox %s: the `value` of a signed identity is no whole number from 0 to %s", inbox.pk, VALUE_MOST)
    return None


def _note_visit(customer: Customer, locale: str | None, page: str | None) -> None:
    changes = {"locale": locale, "page": page and without_query(page)}
    kept = {name: value for name, value in changes.items() if value and value != getattr(customer, name)}
    if kept:
        Customer.objects.filter(pk=customer.pk).update(**kept)
        for name, value in kept.items():
            setattr(customer, name, value)


def without_query(page: str) -> str:
    """The page's address without query and fragment: merchants' links carry tokens there."""
    try:
        parts = urlsplit(page)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc.rsplit('@')[-1]}{parts.path}" if parts.scheme in ("http", "https") else ""


def _new_token(customer: Customer) -> str:
    token = secrets.token_urlsafe(32)
    CustomerSession.objects.create(
        customer=customer, token_hash=hash_of(token), expires_at=now() + timedelta(days=TOKEN_DAYS)
    )
    return token


def hash_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _line(value: object, most: int) -> str:
    return " ".join(value.split())[:most] if isinstance(value, str) and is_storable(value) else ""


def _email(value: object) -> str:
    text = _line(value, 254)
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text
