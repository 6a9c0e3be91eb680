"""What operators allow to go wrong, as stored, and the bars that follow from it for the model that reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from agents.models import Agent
from routing.models import ModelVersion, RiskLimit
from routing.risk import NEVER, Bar, Held, HeldOut, Limit, Told, WishBar, bars_for, wish_bar_for
from routing.signals.requests import UNTOLD, Requests, Wish, shipped
from supportdesk import planned

LIVE = """
SELECT DISTINCT ON (inbox_id, kind, intent) inbox_id, kind, intent, most_wrong, confidence FROM routing_risklimit
WHERE inbox_id = ANY($1::bigint[]) ORDER BY inbox_id, kind, intent, id DESC
"""
Limits = Mapping[str, Limit]


@dataclass(frozen=True, slots=True)
class Allowed:
    """What one inbox allows: wrong answers, by intent, and missed requests for a person."""

    wrong: Limits = field(default_factory=dict)
    missed_requests: Limit | None = None


NOTHING_SAID = Allowed()


def live(inbox_ids: Iterable[int]) -> dict[int, Allowed]:
    """By inbox; the newest row of each kind and intent counts, and one without `most_wrong` takes the limit away."""
    wrong: dict[int, dict[str, Limit]] = defaultdict(dict)
    missed: dict[int, Limit] = {}
    for inbox_id, kind, intent, most_wrong, confidence in planned.run(LIVE, sorted(inbox_ids)):
        if most_wrong is None:
            continue
        if kind == RiskLimit.Kind.MISSED_REQUESTS:
            missed[inbox_id] = Limit(most_wrong, confidence)
        else:
            wrong[inbox_id][intent] = Limit(most_wrong, confidence)
    return {pk: Allowed(wrong.get(pk, {}), missed.get(pk)) for pk in {*wrong, *missed}}


def set_limit(
    *, inbox_id: int, intent: str, limit: Limit | None, by: Agent | None, kind: str = RiskLimit.Kind.WRONG
) -> None:
    """A new row; rows are never changed, so that every decision can be told from its time."""
    RiskLimit.objects.create(
        inbox_id=inbox_id, kind=kind, intent=intent, most_wrong=limit.most_wrong if limit else None,
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
    return bars_for(held_out_of(number), limits)


def held_out_of(number: int | None) -> HeldOut:
    row = ModelVersion.objects.only("held_out").filter(pk=number).first() if number is not None else None
    return held_of(row.held_out if row else {})


def held_of(stored: Mapping[str, Sequence[Any]]) -> HeldOut:
    """As routing.learning.crossed gave it: three columns."""
    columns = (stored.get(name, ()) for name in ("chance", "intent", "right"))
    examples = [Held(float(chance), str(name), bool(right)) for chance, name, right in zip(*columns, strict=True)]
    return HeldOut(examples)


# --- Requests for a person --------------------------------------------------------------------------------------------


def wish_bar(limit: Limit | None, requests: Requests, wish: Wish | None) -> float:
    """From which chance on a turn goes to people, by the model that read `wish`."""
    return _worked_out_wish(requests.told_of(wish), limit).at if wish is not None else UNTOLD


@lru_cache(maxsize=256)
def _worked_out_wish(told: Told, limit: Limit | None) -> WishBar:
    return wish_bar_for(told, limit)


def wish_bar_of(limit: Limit | None, number: int | None) -> WishBar:
    """With its figures, for the promoted version `number`; None: the shipped reader."""
    return _worked_out_wish(_told(number), limit)


@lru_cache(maxsize=8)
def _told(number: int | None) -> Told:
    row = ModelVersion.objects.only("requests").filter(pk=number).first() if number is not None else None
    if row is None or row.requests is None:
        return shipped().told
    from routing.learning import wishes  # numpy: the web processes never need it but here

    read = wishes.opened(bytes(row.requests))
    return read.told_by_meaning or read.told
