"""What the bot keeps: of each intent's turns in an inbox, how many it answered and how many went to people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.db.models.fields.json import KT

from routing import versions
from routing.models import Decision, IntentPolicy, ModelVersion
from routing.risk import EVERY, GRID, HeldOut
from routing.signals import intent

UNCLEAR = ""
"""The intent of turns of which none was read."""


@dataclass(frozen=True, slots=True)
class Share:
    intent: str
    turns: int
    kept: int
    """By the bot."""


@dataclass(frozen=True, slots=True)
class Point:
    """Were this the bar: the share of held-out examples that the bot would answer, and of those the share wrong."""

    bar: float
    kept: float
    wrong: float


def shares(inbox_id: int, since: datetime) -> list[Share]:
    """Of the turns that had an intent to read, the most frequent intent first; small talk is left out."""
    asked = Decision.objects.filter(conversation__inbox_id=inbox_id, decided_at__gte=since).exclude(rule="small_talk")
    rows = (
        asked.annotate(intent=KT("signals__intent__name"))
        .values("intent")
        .annotate(turns=Count("pk"), kept=Count("pk", filter=Q(route="bot")))
        .order_by("-turns", "intent")
    )
    return [Share(row["intent"] or UNCLEAR, row["turns"], row["kept"]) for row in rows]


def curve(held: HeldOut, name: str) -> list[Point]:
    """From the strictest bar downwards, one point for each that answers more than the one before. Pure."""
    examples = sorted((each for each in held.examples if name in (EVERY, each.intent)), key=lambda each: -each.chance)
    points: list[Point] = []
    answered = wrong = 0
    for at in GRID:
        before = answered
        while answered < len(examples) and examples[answered].chance >= at:
            wrong += not examples[answered].right
            answered += 1
        if answered > before:
            points.append(Point(at, round(answered / len(examples), 4), round(wrong / answered, 4)))
    return points


def known_intents() -> Sequence[str]:
    """That the live model tells apart, and those that an inbox has settings for."""
    number = versions.live_number()
    row = ModelVersion.objects.only("metrics").filter(pk=number).first() if number is not None else None
    read = row.metrics.get("intents", {}) if row else intent.names()
    return sorted({*read, *IntentPolicy.objects.values_list("intent", flat=True)})
