"""Questions that the bot had no answer to, alike ones together, as a to-do list for whoever writes the articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chat.models import Message
from knowledge import vectors
from knowledge.search import NOISE, Hit, Question, search_all
from routing.models import Decision
from routing.signals.words import plain
from supportdesk.clock import now

MISSES = ("missed", "missed_too_often")
DAYS = 30
READ_MOST = 1_000
ALIKE = 0.5
"""Of all content words of two questions, the share that both have (Jaccard's index)."""
ALIKE_IN_MEANING = 0.7
"""The cosine from which two questions in one language are one: five of six pairs were, among the demo's to fit on."""
READ_FOR_MEANING = 200
"""Groups, the largest first: some 2 ms each, the first time."""
EXAMPLES = 5
SMALL = """
a an the is are do does did i you we it my your our to of in on for and or with at by be this that what how there me us
they them when which who why
"""
NOISE_WORDS = frozenset(NOISE.split()) | frozenset(SMALL.split())


@dataclass(frozen=True, slots=True)
class Miss:
    decision_id: int
    text: str
    language: str
    at: datetime


@dataclass(slots=True)
class Cluster:
    """`words` are those of its first question; `misses` newest first."""

    words: frozenset[str]
    misses: list[Miss] = field(default_factory=list)
    hit: Hit | None = None
    """What the articles say to it today, if anything."""


def clusters(inbox_id: int, floor: float) -> list[Cluster]:
    """Largest first. `floor`: a hit below it is none."""
    found = in_meaning(grouped(misses(inbox_id)))
    asked = [Question(inbox_id, each.misses[0].text, each.misses[0].language) for each in found]
    for each, hits in zip(found, search_all(asked, 1) if asked else [], strict=True):
        each.hit = hits[0] if hits and hits[0].score >= floor else None
    return found


def misses(inbox_id: int) -> list[Miss]:
    """Of the last DAYS, newest first, without those that are settled."""
    rows = Decision.objects.filter(
        conversation__inbox_id=inbox_id, rule__in=MISSES, decided_at__gt=now() - timedelta(days=DAYS), settled=None
    ).order_by("-id")[:READ_MOST]
    places = {(row.conversation_id, row.upto_seq): row for row in rows}
    said = Message.objects.filter(
        conversation_id__in={row.conversation_id for row in rows}, author_kind=Message.Author.CUSTOMER
    ).values_list("conversation_id", "seq", "text")
    texts = {(conversation_id, seq): text for conversation_id, seq, text in said if (conversation_id, seq) in places}
    return [
        Miss(row.pk, texts[place][:500], str(row.signals.get("language", "en")), row.decided_at)
        for place, row in places.items()
        if place in texts
    ]


def grouped(found: Sequence[Miss]) -> list[Cluster]:
    """Each question joins the first cluster whose first question is like it. Pure."""
    groups: list[Cluster] = []
    for miss in found:
        words = content(miss.text)
        if not words:
            continue
        home = next((each for each in groups if alike(each.words, words) >= ALIKE), None)
        if home is None:
            home = Cluster(words)
            groups.append(home)
        home.misses.append(miss)
    return sorted(groups, key=_largest_first)


def in_meaning(groups: Sequence[Cluster]) -> list[Cluster]:
    """Groups of other words for the same become one, where there is an encoder."""
    first = groups[:READ_FOR_MEANING]
    rows = vectors.read([each.misses[0].text for each in first], vectors.encoder()) if first else None
    if rows is None:
        return list(groups)
    near = (rows @ rows.T >= ALIKE_IN_MEANING).tolist()
    return sorted([*joined(first, near), *groups[READ_FOR_MEANING:]], key=_largest_first)


def joined(groups: Sequence[Cluster], near: Sequence[Sequence[bool]]) -> list[Cluster]:
    """Each joins the first before it that it is near to and shares the language of. Pure."""
    kept: dict[int, Cluster] = {}
    for n, each in enumerate(groups):
        language = each.misses[0].language
        home = next((k for k in kept if near[n][k] and kept[k].misses[0].language == language), None)
        if home is None:
            kept[n] = Cluster(each.words, list(each.misses))
        else:
            kept[home].misses = sorted([*kept[home].misses, *each.misses], key=lambda miss: -miss.decision_id)
    return list(kept.values())


def _largest_first(each: Cluster) -> tuple[int, int]:
    return -len(each.misses), -each.misses[0].decision_id


def content(text: str) -> frozenset[str]:
    words = "".join(c if c.isalnum() else " " for c in plain(text)).split()
    return frozenset(word.removesuffix("s") if len(word) > 3 else word for word in words) - NOISE_WORDS


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0
