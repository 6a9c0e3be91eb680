"""What operators allow to go wrong, as stored, and the bars that follow from it for the model that reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from agents.models import Agent
from routing.models import ModelVersion, RiskLimit
from routing.risk import NEVER, Bar, Held, HeldOut, Limit, bars_for
from supportdesk import planned

LIVE = """
SELECT DISTINCT ON (inbox_id, intent) inbox_id, intent, most_wrong, confidence FROM routing_risklimit
WHERE inbox_id = ANY($1::bigint[]) ORDER BY inbox_id, intent, id DESC
"""
Limits = Mapping[str, Limit]


def live(inbox_ids: Iterable[int]) -> dict[int, Limits]:
    """By inbox, then by intent; the newest row of each counts, and one without `most_wrong` takes the limit away."""
    found: dict[int, dict[str, Limit]] = defaultdict(dict)
    for inbox_id, intent, most_wrong, confidence in planned.run(LIVE, sorted(inbox_ids)):
        if most_wrong is not None:
            found[inbox_id][intent] = Limit(most_wrong, confidence)
    return dict(found)


def set_limit(*, inbox_id: int, intent: str, limit: Limit | None, by: Agent | None) -> None:
    """A new row; rows are never changed, so that every decision can be told from its time."""
    RiskLimit.objects.create(
        inbox_id=inbox_id, intent=intent, most_wrong=limit.most_wrong if limit else None,
        confidence=limit.confidence if limit else Limit(0.5).confidence, by=by,
    )  # fmt: skip


def sureness_needed(limits: Limits, held: HeldOut | None) -> dict[str, float]:
    """The bar of each limit by intent. Without held-out examples of the model that reads, NEVER: people answer."""
    if held is None:
        return dict.fromkeys(limits, NEVER)
    return _worked_out(held, tuple(limits.items())) if limits else {}


@lru_cache(maxsize=1024)
def _worked_out(held: HeldOut, limits: tuple[tuple[str, Limit], ...]) -> dict[str, float]:
    return {intent: bar.at for intent, bar in bars_for(held, dict(limits)).items()}


def bars(limits: Limits, number: int | None) -> dict[str, Bar]:
    """With their figures, for the promoted version `number`; None: the shipped reader, of which nothing is known."""
    row = ModelVersion.objects.only("held_out").filter(pk=number).first() if number is not None else None
    return bars_for(held_of(row.held_out if row else {}), limits)


def held_of(stored: Mapping[str, Sequence[Any]]) -> HeldOut:
    """As routing.learning.crossed gave it: three columns."""
    columns = (stored.get(name, ()) for name in ("chance", "intent", "right"))
    examples = [Held(float(chance), str(name), bool(right)) for chance, name, right in zip(*columns, strict=True)]
    return HeldOut(examples)
