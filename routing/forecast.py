"""How long each who waits will go on waiting, as an interval: one pure function for live routing and the simulation.

Conversations end at random, at the rate of the capacity in use. Who waits takes of the endings of those who suit, the
earliest free first, as `choose_agent` will; so whoever stands ahead for other agents costs him nothing, and one who
waits for few experts waits for their endings. Some of those ahead leave. What is told is for who stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp

from chat.waits import Wait, wait_interval
from routing.assignment import Candidate, Need, qualified

Group = frozenset[int]


@dataclass(frozen=True, slots=True)
class Pace:
    """What the desk does now, as measured."""

    handling_s: float
    leaving_per_s: float = 0.0
    """How often one who waits leaves."""


def forecast(line: Sequence[Need], candidates: Sequence[Candidate], now: datetime, pace: Pace) -> list[Wait | None]:
    """Seconds (low, high) from now for each of `line`, which is in the order of the queue; None where nobody suits.

    A fluid in vessels: agents are vessels as wide as their capacity, and who waits pours one handling into the lowest
    of those who suit him. Their level is when he is taken; it counts only as far as he is likely to be there still.
    """
    vessels = _Vessels(candidates)
    told: list[Wait | None] = []
    for need in line:
        level, group = min(_ways(need, candidates, now, vessels, pace), key=lambda way: way[0], default=(None, None))
        if level is None or group is None:
            told.append(None)
            continue
        stays = exp(-pace.leaving_per_s * level)
        vessels.pour(group, pace.handling_s * need.units * stays)
        rate = vessels.width(group) / (pace.handling_s * need.units)
        told.append(wait_interval(level, rate, pace.leaving_per_s))
    return told


def _ways(
    need: Need, candidates: Sequence[Candidate], now: datetime, vessels: _Vessels, pace: Pace
) -> Iterator[tuple[float, Group]]:
    """When he would be taken by those who suit him from each moment on at which more of them do."""
    waited_s = (now - need.since).total_seconds() if need.since is not None else 0.0
    for opens_s in _openings(need, waited_s):
        group = vessels.group(need, candidates, waited_s + opens_s)
        if group:
            yield max(opens_s, vessels.level_after(group, pace.handling_s * need.units)), group


def _openings(need: Need, waited_s: float) -> Iterator[float]:
    """Seconds from now: at once, and when a target opens or a skill counts less."""
    yield 0.0
    moments = {target.opens_s for target in need.targets if target.opens_s}
    if need.skills:
        moments |= {need.relax_s, 2 * need.relax_s}
    yield from sorted(moment - waited_s for moment in moments if moment > waited_s)


class _Vessels:
    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._width = {c.id: float(c.capacity) for c in candidates if c.is_reachable()}
        self._level = dict.fromkeys(self._width, 0.0)
        self._groups: dict[object, Group] = {}

    def group(self, need: Need, candidates: Sequence[Candidate], waited_s: float) -> Group:
        steps = tuple(waited_s >= t.opens_s for t in need.targets)
        relaxed = min(2, int(waited_s // need.relax_s)) if need.skills and need.relax_s > 0 else 0
        key = (need.targets, steps, tuple(sorted(need.skills.items())), relaxed)
        if key not in self._groups:
            self._groups[key] = frozenset(c.id for c in qualified(need, candidates, waited_s))
        return self._groups[key]

    def width(self, group: Group) -> float:
        return sum(self._width[pk] for pk in group)

    def level_after(self, group: Group, amount: float) -> float:
        """What the lowest of the group would come to."""
        width, volume = 0.0, amount
        for pk in sorted(group, key=self._level.__getitem__):
            if width and volume <= self._level[pk] * width:
                break
            width += self._width[pk]
            volume += self._width[pk] * self._level[pk]
        return volume / width

    def pour(self, group: Group, amount: float) -> None:
        level = self.level_after(group, amount)
        for pk in group:
            self._level[pk] = max(self._level[pk], level)
