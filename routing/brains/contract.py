"""What every brain is asked and may say. The action stands apart from the text, so that no text can be an action."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from chat.protocol import Source

TEXT_CHARS = 1_000
"""Of one answer."""
LINE_CHARS = 1_000
"""Of one line of the transcript, as brains are told it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """`number` is what a brain cites."""

    number: int
    title: str
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class Line:
    by: Literal["customer", "bot", "agent"]
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A turn of a customer whom policy lets the bot answer."""

    conversation_id: UUID
    turn: int
    shop: str
    language: str
    text: str
    passages: tuple[Passage, ...] = ()
    transcript: tuple[Line, ...] = ()
    """What was said before, oldest first."""


@dataclass(frozen=True, slots=True)
class Said:
    """`handoff`: a person is needed; `unknown`: it has no answer. Only an answer's text reaches the customer."""

    action: Literal["answer", "handoff", "unknown"]
    text: str = ""
    sources: tuple[Source, ...] = ()
    why: str = ""


class BrainFailed(Exception):
    """No usable answer; the text says why, without quoting anybody."""


class BudgetSpent(BrainFailed):
    """The brain was not asked, because what it may cost is used up; the text says how much of what."""
