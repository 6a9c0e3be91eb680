"""Which agent a waiting conversation is offered to, and why. Pure and deterministic, whatever the order of candidates.

Who qualifies: online, available, in the team, with every needed skill. A skill that nobody online has is not waited
for: any person now is better than the right one at some time. A team was chosen by an agent, so it is waited for
until the promised wait has passed once, and so is a colleague it was transferred to. Who has passed is asked again
only when nobody else qualifies, busy or not. Of those with free capacity: one who speaks the language, then the least
loaded, the longest idle, the lowest id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

ASK_AGAIN = timedelta(seconds=30)
"""Everybody passed: how long after the last pass the same agents are asked again."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a conversation asks for."""

    skills: frozenset[str] = frozenset()
    language: str = ""
    team_id: int | None = None
    agent_id: int | None = None
    """Transferred to this agent."""
    passed_by: frozenset[int] = frozenset()
    passed_at: datetime | None = None
    waited_out: bool = False
    """The promised wait has passed once: where nobody of the team is there, anybody is better than nobody."""


@dataclass(frozen=True, slots=True)
class Candidate:
    id: int
    name: str
    skills: frozenset[str]
    languages: frozenset[str]
    team_ids: frozenset[int]
    load: int
    capacity: int
    idle_since: datetime
    is_online: bool
    is_available: bool

    def is_reachable(self) -> bool:
        return self.is_online and self.is_available and self.capacity > 0

    def is_free(self) -> bool:
        return self.load < self.capacity

    def fits(self, need: Need) -> bool:
        return need.skills <= self.skills and self.is_in_team(need)

    def is_in_team(self, need: Need) -> bool:
        return need.team_id is None or need.team_id in self.team_ids


@dataclass(frozen=True, slots=True)
class Chosen:
    agent_id: int
    why: str


@dataclass(frozen=True, slots=True)
class Wait:
    why: str


def choose_agent(need: Need, candidates: Sequence[Candidate], now: datetime) -> Chosen | Wait:
    reachable = [c for c in candidates if c.is_reachable()]
    if not reachable:
        return Wait("nobody is online and available")
    wanted = next((c for c in reachable if c.id == need.agent_id and c.id not in need.passed_by), None)
    if wanted is not None:
        if wanted.is_free():
            return Chosen(wanted.id, f"transferred to {wanted.name} ({wanted.load} of {wanted.capacity})")
        if not need.waited_out:
            return Wait(f"transferred to {wanted.name}, who is full ({wanted.load} of {wanted.capacity})")
    asked_for = _asked_for(need)
    fitting = [c for c in reachable if c.fits(need)]
    if not fitting:
        in_team = [c for c in reachable if c.is_in_team(need)]
        if not in_team and not need.waited_out:
            return Wait(f"nobody online{asked_for}")
        asked_for, fitting = f", as nobody{asked_for} is online", in_team or reachable
    return _among(need, fitting, asked_for, now)


def _among(need: Need, fitting: Sequence[Candidate], asked_for: str, now: datetime) -> Chosen | Wait:
    asked_again = ""
    fresh = [c for c in fitting if c.id not in need.passed_by]
    if not fresh:
        if need.passed_at is not None and now - need.passed_at < ASK_AGAIN:
            return Wait(f"all {len(fitting)} online{asked_for} have passed; asked again soon")
        fresh, asked_again = list(fitting), ", asked again as all have passed"
    free = [c for c in fresh if c.is_free()]
    if not free:
        return Wait(f"all {len(fresh)} online{asked_for} are full")
    best = min(free, key=lambda c: (not _speaks(c, need), Fraction(c.load, c.capacity), c.idle_since, c.id))
    return Chosen(best.id, _why(best, need, free, asked_for) + asked_again)


def _why(best: Candidate, need: Need, free: Sequence[Candidate], asked_for: str) -> str:
    speakers = [c for c in free if _speaks(c, need)]
    rivals = speakers or free
    if need.language and len(speakers) < len(free) and speakers:
        asked_for += f" who speak {need.language}" if len(speakers) > 1 else f" who speaks {need.language}"
    rank = f"least loaded of {len(rivals)} free" if len(rivals) > 1 else "the only one free"
    return f"{rank}{asked_for} ({best.load} of {best.capacity}), idle since {best.idle_since:%H:%M}"


def _asked_for(need: Need) -> str:
    parts = []
    if need.skills:
        parts.append(f" with skill {' and '.join(sorted(need.skills))}")
    if need.team_id is not None:
        parts.append(f" in team {need.team_id}")
    return "".join(parts)


def _speaks(candidate: Candidate, need: Need) -> bool:
    return need.language in candidate.languages
