"""The desk as a discrete-event simulation: arrivals, handling, patience and shifts, by the very functions that route.

Pure: everything random comes from the seed. Who goes first is `queue_rank`, who gets it is `choose_agent`, what the
customer is told is `forecast`, from what was measured until then. Offers are accepted at once.
"""

from __future__ import annotations

import heapq
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

from chat.waits import handling_mean, leaving_rate
from routing.assignment import Candidate, Chosen, Need, choose_agent
from routing.forecast import Pace, forecast

START = datetime(2026, 1, 5, tzinfo=UTC)
"""A Monday; only differences count."""
LEVEL = 3
"""Of every skill that an agent has."""
ARRIVES, ENDS, LEAVES, SHIFT = range(4)


@dataclass(frozen=True, slots=True)
class Shift:
    """Agents who are there from `start_s` to `end_s`; what they have at the end they finish."""

    agents: int
    start_s: float = 0.0
    end_s: float = float("inf")
    capacity: int = 1
    skills: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """`handling`: measured seconds to draw from, else exponential of mean `handling_s`; patience is exponential."""

    arrivals_per_s: float
    handling_s: float
    shifts: tuple[Shift, ...]
    for_s: float
    warm_up_s: float = 0.0
    patience_s: float | None = None
    handling: tuple[float, ...] = ()
    skills: tuple[tuple[str, float], ...] = ()
    """The share of arrivals that need each skill; the rest need none."""


@dataclass(slots=True)
class Visit:
    """One customer. `waited_s`: until an agent took it or it left; `told`: the interval it was told, if it waited."""

    at_s: float
    need: Need
    waited_s: float | None = None
    left: bool = False
    told: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    visits: Sequence[Visit]
    busy_s: float
    """Units of capacity times seconds in use, after the warm-up."""
    load: Sequence[tuple[float, int, int]]
    """(second, waiting, in hand) after each event."""

    def served(self) -> list[Visit]:
        return [v for v in self.visits if v.waited_s is not None and not v.left]

    def mean_wait_s(self) -> float:
        ended = [v.waited_s for v in self.visits if v.waited_s is not None]
        return sum(ended) / max(1, len(ended))

    def left_share(self) -> float:
        return sum(v.left for v in self.visits) / max(1, len(self.visits))

    def within(self, target_s: float) -> float:
        """The share of all whom a person took within `target_s`."""
        return sum(v.waited_s <= target_s for v in self.served() if v.waited_s is not None) / max(1, len(self.visits))

    def covered(self) -> float | None:
        """Of those who were told an interval and taken: the share whose wait was in it."""
        told = [(v.told, v.waited_s) for v in self.served() if v.told is not None]
        inside = sum(low <= waited <= high for (low, high), waited in told if waited is not None)
        return inside / len(told) if told else None


def simulate(plan: Plan, seed: int) -> Outcome:
    return _Run(plan, Random(seed)).outcome()


@dataclass(slots=True)
class _Run:
    plan: Plan
    random: Random
    agents: list[Candidate] = field(default_factory=list)
    waiting: list[tuple[float, int]] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    agenda: list[tuple[float, int, int, int]] = field(default_factory=list)
    order: count[int] = field(default_factory=count)
    busy_s: float = 0.0
    load: list[tuple[float, int, int]] = field(default_factory=list)
    in_hand: dict[tuple[float, int], float] = field(default_factory=dict)
    """(end, agent) of each conversation that goes on -> when it was taken."""
    handled: int = 0
    handled_s: float = 0.0
    left: int = 0
    waited_s: float = 0.0

    def outcome(self) -> Outcome:
        self._open()
        last = 0.0
        while self.agenda:
            moment, _, kind, which = heapq.heappop(self.agenda)
            if moment > self.plan.for_s:
                break
            self.busy_s += sum(a.load for a in self.agents) * (moment - max(last, min(moment, self.plan.warm_up_s)))
            last = moment
            if self._happens(kind, which, moment):
                self._assign(moment)
                self.load.append((moment, len(self.waiting), sum(a.load for a in self.agents)))
        counted = [v for v in self.visits if v.at_s >= self.plan.warm_up_s and v.waited_s is not None]
        return Outcome(counted, self.busy_s, self.load)

    def _open(self) -> None:
        for shift in self.plan.shifts:
            for _ in range(shift.agents):
                number = len(self.agents)
                there = shift.start_s <= 0 < shift.end_s
                self.agents.append(
                    Candidate(
                        id=number, name=f"agent {number}", skills=dict.fromkeys(shift.skills, LEVEL),
                        languages=frozenset(), team_ids=frozenset(), load=0, capacity=shift.capacity,
                        idle_since=START, is_online=there, is_available=True,
                    )
                )  # fmt: skip
                for moment in (shift.start_s, shift.end_s):
                    if 0 < moment <= self.plan.for_s:
                        self._later(moment, SHIFT, number)
        self._later(self._gap(), ARRIVES, 0)

    def _later(self, moment: float, kind: int, which: int) -> None:
        heapq.heappush(self.agenda, (moment, next(self.order), kind, which))

    def _gap(self) -> float:
        return self.random.expovariate(self.plan.arrivals_per_s)

    def _happens(self, kind: int, which: int, moment: float) -> bool:
        """False for somebody who would have left and has been taken long since."""
        if kind == ARRIVES:
            self._arrive(moment)
        elif kind == ENDS:
            agent = self.agents[which]
            self.handled, self.handled_s = self.handled + 1, self.handled_s + moment - self.in_hand.pop((moment, which))
            self.agents[which] = replace(agent, load=agent.load - 1, idle_since=START + timedelta(seconds=moment))
        elif kind == SHIFT:
            self.agents[which] = replace(self.agents[which], is_online=not self.agents[which].is_online)
        else:
            visit = self.visits[which]
            if visit.waited_s is not None:
                return False
            self.waiting.remove((visit.at_s, which))
            visit.waited_s, visit.left = moment - visit.at_s, True
            self.left += 1
            self.waited_s += visit.waited_s
        return True

    def _arrive(self, moment: float) -> None:
        number = len(self.visits)
        self.visits.append(Visit(moment, self._need(moment)))
        insort(self.waiting, (moment, number))
        if self.plan.patience_s is not None:
            self._later(moment + self.random.expovariate(1 / self.plan.patience_s), LEAVES, number)
        self._later(moment + self._gap(), ARRIVES, 0)

    def _need(self, moment: float) -> Need:
        arrived = START + timedelta(seconds=moment)
        drawn = self.random.random() if self.plan.skills else 0.0
        for skill, share in self.plan.skills:
            if drawn < share:
                return Need(skills={skill: 0}, since=arrived)
            drawn -= share
        return Need(since=arrived)

    def _assign(self, moment: float) -> None:
        """As routing.dispatch walks: from the head, past whoever must wait, until nobody is free."""
        now = START + timedelta(seconds=moment)
        self._walk(moment, now)
        latest = len(self.visits) - 1
        visit = self.visits[latest]
        if visit.at_s == moment and visit.waited_s is None and visit.told is None:
            line = [self.visits[number].need for _, number in self.waiting]
            visit.told = forecast(line, self.agents, now, self._pace())[self.waiting.index((moment, latest))]

    def _pace(self) -> Pace:
        return Pace(handling_mean(self.handled_s, self.handled), leaving_rate(self.left, self.waited_s))

    def _walk(self, moment: float, now: datetime) -> None:
        for entry in list(self.waiting) if self.waiting else ():
            if not any(a.is_online and a.has_room() for a in self.agents):
                return
            visit = self.visits[entry[1]]
            choice = choose_agent(visit.need, self.agents, now)
            if isinstance(choice, Chosen):
                self.waiting.remove(entry)
                visit.waited_s = moment - visit.at_s
                self.waited_s += visit.waited_s
                agent = self.agents[choice.agent_id]
                self.agents[agent.id] = replace(agent, load=agent.load + 1)
                ends_at = moment + self._handling()
                self.in_hand[ends_at, agent.id] = moment
                self._later(ends_at, ENDS, agent.id)

    def _handling(self) -> float:
        if self.plan.handling:
            return self.random.choice(self.plan.handling)
        return self.random.expovariate(1 / self.plan.handling_s)
