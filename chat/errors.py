"""What can go wrong in a verb, each with the code that sockets and REST answer. Nothing else maps errors."""

from __future__ import annotations

from typing import ClassVar

from chat.lifecycle import IllegalTransition
from chat.protocol import Error, ErrorCode


class ChatError(Exception):
    """Base: `code` for programs, the message for people (what happened, what to do)."""

    code: ClassVar[ErrorCode] = "internal"
    text: ClassVar[str] = "Something went wrong on our side. Please try again."
    retry_after_ms: int | None = None

    def __init__(self, text: str | None = None) -> None:
        super().__init__(text or self.text)


class NotFound(ChatError):
    code = "not_found"
    text = "There is no such conversation here."


class SeqFromFuture(ChatError):
    code = "seq_from_future"
    text = "after_seq is beyond the newest message. Join again from a seq you hold."


class ClientIdReused(ChatError):
    code = "client_id_reused"
    text = "This client_id was used for another text. Give every message a client_id of its own."


class ConversationClosed(ChatError):
    code = "conversation_closed"
    text = "This conversation has ended. Write again to start a new one."


class NotAssigned(ChatError):
    code = "not_assigned"
    text = "Only the agent this conversation is assigned to can do that. Accept or take it over first."


class NotAllowed(ChatError):
    code = "forbidden"
    text = "You may not take conversations out of the queue by yourself. Ask a supervisor for the permission."


class AlreadyTaken(ChatError):
    code = "already_taken"
    text = "Somebody else was faster; this conversation has moved on."


class Stale(ChatError):
    """The bot's turn was overtaken: a newer message, or a person. Nothing is posted."""

    code = "already_taken"
    text = "The conversation has moved on."


class NotPossible(ChatError):
    code = "illegal_transition"
    text = "That is not possible in this conversation's state."


class BadValue(ChatError):
    code = "bad_value"
    text = "A value is out of range."


class BadEmail(ChatError):
    code = "bad_email"
    text = "This is not an e-mail address that we can write to. Please check it."


class TooManyAddresses(ChatError):
    code = "rate_limited"
    text = "You have left several addresses today. Please go on here, in the chat."
    retry_after_ms = 3_600_000


class TooManyLetters(ChatError):
    code = "rate_limited"
    text = "Too many letters have come into this conversation. Please go on in the chat."
    retry_after_ms = 3_600_000


class Busy(ChatError):
    code = "busy"
    text = "The desk is very busy. Please send it again in a moment."
    retry_after_ms = 500


class Unavailable(ChatError):
    code = "unavailable"
    text = "The desk cannot store this right now. Please send it again in a moment."
    retry_after_ms = 1000


class UnknownSite(ChatError):
    code = "unknown_site"
    text = "No site has this key. Check data-site-key in the page's snippet."


class OriginNotAllowed(ChatError):
    code = "origin_not_allowed"
    text = "This page is not among the site's allowed origins."


class BadToken(ChatError):
    code = "bad_token"
    text = "This session is not valid any more. Open a new one without the token."


class TokenExpired(ChatError):
    code = "token_expired"
    text = "This session has expired. Open a new one without the token."


class BadIdentity(ChatError):
    code = "bad_identity"
    text = (
        "The signed identity does not verify. Sign it (HS256) with the inbox's identity secret; it needs sub and exp."
    )


class IdentityExpired(ChatError):
    code = "identity_expired"
    text = "The signed identity has expired. Sign a fresh one."


class TooManyVisitors(ChatError):
    code = "rate_limited"
    text = "Too many new visitors from this address. Please try again in a minute."
    retry_after_ms = 30_000


class Unauthenticated(ChatError):
    code = "unauthenticated"
    text = "Sign in first."


class SessionRequired(ChatError):
    code = "session_required"
    text = "Send session.open first."


class SessionAlreadyOpen(ChatError):
    code = "session_already_open"
    text = "This socket has a session already. Open another socket for another session."


def as_error(error: ChatError | IllegalTransition) -> Error:
    """The error as clients see it."""
    if isinstance(error, IllegalTransition):
        return Error(
            code="illegal_transition", message=f"That is not possible while the conversation is {error.state}."
        )
    return Error(code=error.code, message=str(error), retry_after_ms=error.retry_after_ms)
