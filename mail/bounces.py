"""What another mail server says later of a letter that ours had taken (RFC 3464). Pure; one look at the bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

READ_BYTES = 65_536
FAILED = re.compile(rb"^action[ \t]*:[ \t]*failed\b", re.IGNORECASE | re.MULTILINE)
STATUS = re.compile(rb"^status[ \t]*:[ \t]*(5\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)
LETTER = re.compile(rb"^message-id[ \t]*:[ \t]*<([0-9a-f]{32})@", re.IGNORECASE | re.MULTILINE)
"""A letter's own name is a secret of its reader's and his server's: nobody else can say that it failed."""


@dataclass(frozen=True, slots=True)
class Bounce:
    letter_id: UUID
    status: str


def read_bounce(raw: bytes) -> Bounce | None:
    """A refusal for good of a letter that may be ours; None for anything else, a delay for one."""
    head = raw[:READ_BYTES]
    status, letter = STATUS.search(head), LETTER.search(head)
    if status is None or letter is None or FAILED.search(head) is None:
        return None
    return Bounce(UUID(hex=letter.group(1).decode("ascii")), status.group(1).decode("ascii"))
