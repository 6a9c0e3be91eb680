"""What of a conversation goes out as a letter, and when. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

SETTLED_AT_MOST = timedelta(minutes=2)
"""Whoever goes on writing for longer than this has what he wrote so far sent."""
TOLD = frozenset({"callback_promised", "letter_cut"})
"""Notices that somebody who is not there must hear of."""


@dataclass(frozen=True, slots=True)
class Line:
    """A message of the timeline."""

    seq: int
    kind: str
    name: str
    text: str
    notice: str | None
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """The customer. `asked`: for answers by e-mail; `heard`: he has written by e-mail from this very address."""

    is_online: bool
    asked: bool
    heard: bool
    away: timedelta
    """How long answers wait for him to come back if he did not ask; zero: for ever."""


def letter_of(unread: Sequence[Line], reader: Reader, moment: datetime, settles: timedelta) -> tuple[Line, ...]:
    """The lines to send now; none while there is nothing to send, or it is too early."""
    lines = tuple(line for line in unread if _is_for_mail(line, reader))
    if not lines:
        return ()
    waited, rested = moment - lines[0].posted_at, moment - lines[-1].posted_at
    if rested < settles and waited < SETTLED_AT_MOST:
        return ()
    if not reader.is_online and (reader.asked or reader.heard):
        return lines
    # A tab that is open and forgotten: who asked has waited long enough for it.
    may_be_sent = (reader.asked or reader.heard) if reader.is_online else True
    return lines if may_be_sent and reader.away and waited >= reader.away else ()


def _is_for_mail(line: Line, reader: Reader) -> bool:
    """What people wrote; the bot and the desk write only to who wrote by e-mail, so that no stranger hears of them."""
    if line.kind == "agent":
        return line.notice is None
    return reader.heard and ((line.kind == "bot" and line.notice is None) or line.notice in TOLD)
