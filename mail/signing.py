"""Signed addresses: where an answer to a letter goes, and the link that stops the letters. Nobody else can make one."""

from __future__ import annotations

from base64 import b32decode, b32encode
from email.utils import parseaddr
from hmac import compare_digest
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

REPLY, STOP = "mail.reply", "mail.stop"
SIGNATURE_BYTES = 10
"""80 bits: tried over the network, that is for ever. A local part has 64 characters (RFC 5321), so no more."""
ID_CHARS, SIGNATURE_CHARS = 26, 16


def signed(conversation_id: UUID, purpose: str) -> str:
    """Lower case and digits: mail servers may fold the case of an address."""
    return f"{_text(conversation_id.bytes)}.{_signature(conversation_id, purpose, settings.SECRET_KEY)}"


def read(token: str, purpose: str) -> UUID | None:
    """The conversation that `signed` named; None if it was not ours."""
    name, _, signature = token.lower().partition(".")
    if len(name) != ID_CHARS or len(signature) != SIGNATURE_CHARS or not token.isascii():
        return None
    try:
        conversation_id = UUID(bytes=b32decode(name.upper() + "======"))
    except ValueError:
        return None
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    is_ours = any(compare_digest(signature, _signature(conversation_id, purpose, key)) for key in keys)
    return conversation_id if is_ours else None


def reply_address(conversation_id: UUID) -> str:
    """Where an answer to a letter comes back into the conversation; "" where the desk receives none."""
    local, _, domain = settings.EMAIL_REPLY.partition("@")
    return f"{local}+{signed(conversation_id, REPLY)}@{domain}" if domain else ""


def conversation_of(address: str) -> UUID | None:
    """Whose reply address this is; None for any other, and for a forged one."""
    local, _, domain = parseaddr(address)[1].rpartition("@")
    own_local, _, own_domain = settings.EMAIL_REPLY.partition("@")
    name, plus, token = local.partition("+")
    if not plus or (name.lower(), domain.lower()) != (own_local.lower(), own_domain.lower()):
        return None
    return read(token, REPLY)


def stop_link(conversation_id: UUID) -> str:
    return f"{settings.PUBLIC_URL}/mail/stop/{signed(conversation_id, STOP)}/"


def _signature(conversation_id: UUID, purpose: str, key: str | bytes) -> str:
    digest = salted_hmac(purpose, conversation_id.hex, secret=key, algorithm="sha256").digest()
    return _text(digest[:SIGNATURE_BYTES])


def _text(raw: bytes) -> str:
    return b32encode(raw).decode().rstrip("=").lower()
