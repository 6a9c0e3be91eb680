"""The handoff packet: what a person reads first. Built from the timeline and what routing last recognised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from chat.models import Conversation, Message
from chat.protocol import BotAttempt, Need, Source

PACKET_VERSION = 1
SUMMARY_CHARS = 600
ATTEMPTS = 10
TRANSCRIPT_LINES = 60


class Packet(BaseModel):
    """Stored as JSON with the transition that caused it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    intent: str | None = None
    confidence: float | None = None
    summary: str = ""
    attempts: list[BotAttempt] = []
    fields: dict[str, str] = {}
    promises: list[str] = []
    language: str = "en"
    frustration: float = 0.0
    need: Need = Need(skills=[], languages=[], team_id=None, priority=0)
    policy_version: str = ""
    model_version: str = ""


def draft(conversation: Conversation, **known: Any) -> Packet:
    """The packet as the timeline alone gives it, with what the caller knows better put over it."""
    lines = list(conversation.messages.order_by("-seq")[:TRANSCRIPT_LINES])[::-1]
    from_row = {
        "intent": conversation.intent or None,
        "confidence": conversation.intent_confidence,
        "summary": summarise(lines),
        "attempts": attempts(lines),
        "fields": conversation.collected,
        "language": conversation.language,
        "frustration": conversation.frustration,
        "need": Need(
            skills=conversation.need_skills,
            languages=[conversation.language],
            team_id=conversation.need_team_id,
            priority=conversation.priority,
        ),
    }
    return Packet(**{**from_row, **known})


def summarise(lines: Sequence[Message]) -> str:
    """The customer's own words, first message and latest ones, cut to SUMMARY_CHARS."""
    said = [" ".join(m.text.split()) for m in lines if m.author_kind == Message.Author.CUSTOMER]
    if not said:
        return "The customer has not written anything yet."
    kept = [said[0]] if len(said) == 1 else [said[0], *said[1:][-3:]]
    skipped = len(said) - len(kept)
    parts = [
        f"“{_cut(kept[0], 240)}”",
        *([f"({skipped} more)"] if skipped else []),
        *(f"“{_cut(t, 160)}”" for t in kept[1:]),
    ]
    return _cut(" ".join(parts), SUMMARY_CHARS)


def attempts(lines: Sequence[Message]) -> list[BotAttempt]:
    """What the bot said, with its sources, latest last."""
    tried = [m for m in lines if m.author_kind == Message.Author.BOT][-ATTEMPTS:]
    return [
        BotAttempt(
            seq=m.seq,
            action="answered" if m.sources else "asked again",
            text=_cut(m.text, 300),
            sources=[Source(**s) for s in m.sources],
        )
        for m in tried
    ]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
