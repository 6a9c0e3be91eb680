"""Letters as customers' mail programs send them, for tests."""

from __future__ import annotations

from email.message import EmailMessage
from uuid import UUID

from mail import signing

ADDRESS = "ana@example.com"


def letter(conversation_id: UUID, text: str = "The blue one, please.", **headers: str) -> EmailMessage:
    """`headers` replace what it would have had; "" leaves one out."""
    message = EmailMessage()
    shown = {
        "From": f"Ana <{ADDRESS}>",
        "To": signing.reply_address(conversation_id),
        "Subject": "Re: Your conversation with Lumen & Oak",
        "Message-ID": "<1@example.com>",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in shown.items():
        if value:
            message[name] = value
    message.set_content(text)
    return message
