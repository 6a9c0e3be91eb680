"""A letter comes in: read, judged, stripped of what it quotes, and written into its conversation. Twice is once."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from chat import actions
from chat.errors import ChatError, ClientIdReused, TooManyLetters
from chat.mailing import LETTER_IDS
from chat.models import Conversation
from chat.protocol import TEXT_CHARS
from mail import mime, outbox, signing
from mail.bounces import read_bounce
from mail.judging import BOUNCE, STRANGER, refuse_programs, refuse_strangers
from mail.mime import Attachment, Letter, Refused
from mail.quoting import own_words

log = logging.getLogger(__name__)

LETTER_BYTES = 26_214_400
"""25 MiB, what most mail servers carry."""
NO_WORDS = "(no text)"
VERIFIED, UNVERIFIED = f"{LETTER_IDS}v:", f"{LETTER_IDS}u:"
"""How the `client_id` of a letter's message begins."""
FROM_ELSEWHERE = "An answer from another address was not taken: he may write from this one, or here."


@dataclass(frozen=True, slots=True)
class Taken:
    """`reason` is why it was refused; then there is no conversation."""

    conversation_id: UUID | None
    reason: str = ""


def take(raw: bytes, *, size: int | None = None, envelope_to: str = "") -> Taken:
    """`size` is the whole letter's where `raw` is only its beginning; `envelope_to` is where it was delivered.

    A letter that is refused is done with; errors of the stores are raised, and it should be brought again.
    """
    try:
        if (size or len(raw)) > LETTER_BYTES:
            raise Refused("too large")
        is_longer = (size or 0) > len(raw)
        letter = mime.read(raw, is_whole=not is_longer)
        conversation, is_verified = _conversation(letter, envelope_to)
        return Taken(_write(letter, conversation, is_cut=letter.is_cut or is_longer, is_verified=is_verified))
    except Refused as refused:
        bounce = read_bounce(raw) if refused.reason == BOUNCE else None
        if bounce is not None:
            outbox.note_bounce(bounce.letter_id, bounce.status)
        # Neither sender nor words: whoever writes to us by mistake is nobody's business.
        log.info("a letter was refused: %s", refused.reason)
        return Taken(None, refused.reason)


def _conversation(letter: Letter, envelope_to: str) -> tuple[Conversation, bool]:
    """Where it belongs, and whether its sender is verified."""
    refuse_programs(letter)
    found = [signing.conversation_of(address) for address in ([envelope_to] if envelope_to else letter.to)]
    named = next((conversation_id for conversation_id in found if conversation_id is not None), None)
    if named is None:
        raise Refused("no reply address of ours")
    conversation = Conversation.objects.select_related("mailing").filter(pk=named).first()
    mailing = getattr(conversation, "mailing", None)
    if conversation is None or mailing is None:
        raise Refused("no such conversation")
    try:
        return conversation, refuse_strangers(letter, mailing.email, settings.EMAIL_AUTHSERV)
    except Refused as refused:
        if refused.reason == STRANGER:  # it has the signed address, so it may well be he: nothing is lost silently
            actions.note_mail(conversation_id=conversation.pk, problem=FROM_ELSEWHERE)
        raise


def _write(letter: Letter, conversation: Conversation, *, is_cut: bool, is_verified: bool) -> UUID:
    text = own_words(letter.text)
    if not text and not is_cut:
        raise Refused("no words")
    if len(text) > TEXT_CHARS:
        text, is_cut = text[: TEXT_CHARS - 1] + "…", True
    try:
        return actions.write_by_mail(
            conversation_id=conversation.pk,
            client_id=_client_id(letter, VERIFIED if is_verified else UNVERIFIED),
            text=text or NO_WORDS,
            message_id=letter.message_id,
            is_cut=is_cut,
            files=[_said_of(one) for one in letter.attachments],
            is_verified=is_verified,
        )
    except TooManyLetters:
        raise Refused("too many letters") from None
    except ClientIdReused:
        raise Refused("a Message-ID with other words than before") from None
    except ChatError as error:
        raise Refused(error.code) from None


def _said_of(one: Attachment) -> str:
    if one.size is None:
        return f"{one.name or 'a file without a name'} (large)"
    size = f"{one.size / 1_000_000:.1f} MB" if one.size >= 100_000 else f"{max(1, round(one.size / 1000))} kB"
    return f"{one.name or 'a file without a name'} ({size})"


def _client_id(letter: Letter, kind: str) -> str:
    """Its Message-ID's; a letter without one is known by what it says. The console reads `kind`."""
    name = letter.message_id or f"{letter.sender}\n{letter.headers.first('date')}\n{letter.text}"
    return f"{kind}{hashlib.sha256(name.encode()).hexdigest()[:40]}"
