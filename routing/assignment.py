"""Which agent a waiting conversation is offered to, and why. Pure and deterministic, whatever the order of candidates.

Who qualifies: online, available, of a target that is open, with every skill asked for. Targets open with the time
waited: the team, its fallbacks one after the other, anybody at last; a team of whom nobody is there is not waited for
while a fallback has somebody. In each target a skill is asked for at its level, after `relax_s` at any level, and
after twice that not at all; one that nobody there has is not waited for: any person now is better than the right one
at some time. A colleague it was transferred to is waited for, but not for ever. Who has passed is asked again
only when nobody else qualifies, busy or not.

Of those with room: an earlier target first, then who had this customer last, who speaks the language, who has more of
the skills asked for and preferred, then the least loaded, the longest idle, the lowest id. Whoever has waited longer
for the same is never served by fewer: what qualifies only grows with the wait.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

ASK_AGAIN = timedelta(seconds=30)
"""Everybody passed: how long after the last pass the same agents are asked again."""


@dataclass(frozen=True, slots=True)
class Target:
    """A team, or anybody where `team_id` is None, who may have it from `opens_s` seconds of waiting on."""

    team_id: int | None = None
    opens_s: float = 0
    name: str = ""
    accepts_by_itself: bool = False
    is_last_resort: bool = False
    """Opened by time alone, even where nobody else is there: a promise is made or somebody comes."""


ANYBODY = (Target(),)


@dataclass(frozen=True, slots=True)
class Need:
    """What a conversation asks for. `skills`: the least level of each, 0 for any."""

    skills: Mapping[str, int] = field(default_factory=dict)
    preferred_skills: frozenset[str] = frozenset()
    language: str = ""
    targets: tuple[Target, ...] = ANYBODY
    agent_id: int | None = None
    """Transferred to this agent, who is waited for `agent_s` seconds while he is full."""
    agent_s: float = 180
    preferred_agent_id: int | None = None
    """Had this customer last."""
    units: int = 1
    since: datetime | None = None
    """It has needed this since then; None: since now."""
    relax_s: float = 60
    passed_by: frozenset[int] = frozenset()
    passed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    id: int
    name: str
    skills: Mapping[str, int]
    languages: frozenset[str]
    team_ids: frozenset[int]
    load: int
    capacity: int
    idle_since: datetime
    is_online: bool
    is_available: bool
    accepts_by_itself: bool = False
    """A team of his accepts what is for no team in particular by itself."""

    def is_reachable(self) -> bool:
        return self.is_online and self.is_available and self.capacity > 0

    def has_room(self, units: int = 1) -> bool:
        """As agents.models.Agent.has_room."""
        return self.load == 0 or self.load + units <= self.capacity

    def is_of(self, target: Target) -> bool:
        return target.team_id is None or target.team_id in self.team_ids

    def has(self, skill: str, level: int) -> bool:
        return self.skills.get(skill, -1) >= level


@dataclass(frozen=True, slots=True)
class Chosen:
    agent_id: int
    why: str
    accepted: bool = False
    """It is his at once, without his accepting it."""


@dataclass(frozen=True, slots=True)
class Wait:
    why: str


@dataclass(frozen=True, slots=True)
class _Pool:
    """Those of one target who qualify, and in what words."""

    target: Target
    rank: int
    of: Sequence[Candidate]
    asked_for: str


def choose_agent(need: Need, candidates: Sequence[Candidate], now: datetime) -> Chosen | Wait:
    reachable = [c for c in candidates if c.is_reachable()]
    if not reachable:
        return Wait("nobody is online and available")
    waited_s = (now - need.since).total_seconds() if need.since is not None else 0.0
    wanted = next((c for c in reachable if c.id == need.agent_id and c.id not in need.passed_by), None)
    if wanted is not None:
        load = f"({wanted.load} of {wanted.capacity})"
        if wanted.has_room(need.units):
            return Chosen(wanted.id, f"transferred to {wanted.name} {load}", wanted.accepts_by_itself)
        if waited_s < need.agent_s:
            return Wait(f"transferred to {wanted.name}, who is full {load}")
    pools = list(_pools(need, reachable, waited_s))
    if not pools:
        return Wait(f"nobody online{_in_target(need.targets[0])}")
    return _among(need, pools, now)


def someone_suits(need: Need, candidates: Sequence[Candidate], *, at_last: bool) -> bool:
    """Whether anybody there qualifies once all has relaxed that relaxes, busy or not: skills count no more then, and
    each target is open. `at_last`: so is the last resort."""
    targets = [target for target in need.targets if at_last or not target.is_last_resort]
    return any(c.is_reachable() and any(c.is_of(target) for target in targets) for c in candidates)


def qualified(need: Need, candidates: Sequence[Candidate], waited_s: float) -> list[Candidate]:
    """All who may have it after so long a wait, free or not: of them `choose_agent` chooses."""
    reachable = [c for c in candidates if c.is_reachable()]
    wanted = [c for c in reachable if c.id == need.agent_id and c.id not in need.passed_by]
    if wanted and waited_s < need.agent_s:
        return wanted
    found = {c.id: c for pool in _pools(need, reachable, waited_s) for c in pool.of} if reachable else {}
    return list(found.values())


def _pools(need: Need, reachable: Sequence[Candidate], waited_s: float) -> Iterator[_Pool]:
    """The open targets that have somebody; where none has, the next that has, but for the last resort."""
    found = False
    for rank, target in enumerate(need.targets):
        is_open = rank == 0 or target.opens_s <= waited_s
        if not is_open and (found or target.is_last_resort):
            return
        of = [c for c in reachable if c.is_of(target)] if target.team_id is not None else reachable
        if of:
            found = True
            yield _qualified(need, target, rank, of, waited_s)


def _qualified(need: Need, target: Target, rank: int, of: Sequence[Candidate], waited_s: float) -> _Pool:
    team = _in_target(target)
    if not need.skills:
        return _Pool(target, rank, of, team)
    words = " with skill " + " and ".join(f"{s} at {level}" if level else s for s, level in sorted(need.skills.items()))
    relaxed = int(waited_s // need.relax_s) if need.relax_s > 0 else 2
    if relaxed < 1 and (able := [c for c in of if all(c.has(s, level) for s, level in need.skills.items())]):
        return _Pool(target, rank, able, words + team)
    if relaxed < 2 and (able := [c for c in of if need.skills.keys() <= c.skills.keys()]):
        return _Pool(target, rank, able, f" with skill {' and '.join(sorted(need.skills))}{team}")
    why = f"waited {waited_s:.0f} s" if relaxed >= 2 else f"as nobody{words}{team} is online"
    return _Pool(target, rank, of, f"{team}, {why}")


def _among(need: Need, pools: Sequence[_Pool], now: datetime) -> Chosen | Wait:
    ranked: dict[int, tuple[Candidate, _Pool]] = {}
    for pool in pools:
        for c in pool.of:
            ranked.setdefault(c.id, (c, pool))
    asked_again = ""
    fresh = [each for pk, each in ranked.items() if pk not in need.passed_by]
    if not fresh:
        if need.passed_at is not None and now - need.passed_at < ASK_AGAIN:
            return Wait(f"all {len(ranked)} online{pools[0].asked_for} have passed; asked again soon")
        fresh, asked_again = list(ranked.values()), ", asked again as all have passed"
    free = [each for each in fresh if each[0].has_room(need.units)]
    if not free:
        return Wait(f"all {len(fresh)} online{pools[0].asked_for} are full")
    best, pool = min(free, key=lambda each: _order(each[0], each[1], need))
    rivals = [c for c, of in free if of is pool]
    accepted = pool.target.accepts_by_itself if pool.target.team_id is not None else best.accepts_by_itself
    return Chosen(best.id, _why(best, need, rivals, pool) + asked_again, accepted)


def _order(c: Candidate, pool: _Pool, need: Need) -> tuple[Any, ...]:
    held = sum(c.has(skill, level) for skill, level in need.skills.items())
    return (
        pool.rank, c.id != need.preferred_agent_id, not _speaks(c, need), -held,
        -len(need.preferred_skills & c.skills.keys()) if need.preferred_skills else 0,
        Fraction(c.load, c.capacity), c.idle_since, c.id,
    )  # fmt: skip


def _why(best: Candidate, need: Need, free: Sequence[Candidate], pool: _Pool) -> str:
    load = f"({best.load} of {best.capacity}), idle since {best.idle_since:%H:%M}"
    if best.id == need.preferred_agent_id:
        return f"had this customer last {load}"
    asked_for, speakers = pool.asked_for, [c for c in free if _speaks(c, need)]
    rivals = speakers or free
    if need.language and len(speakers) < len(free) and speakers:
        asked_for += f" who speak {need.language}" if len(speakers) > 1 else f" who speaks {need.language}"
    if preferred := sorted(need.preferred_skills & best.skills.keys()):
        asked_for += f", knows {' and '.join(preferred)}"
    rank = f"least loaded of {len(rivals)} free" if len(rivals) > 1 else "the only one free"
    return f"{rank}{asked_for} {load}"


def _in_target(target: Target) -> str:
    return f" in {target.name or f'team {target.team_id}'}" if target.team_id is not None else ""


def _speaks(candidate: Candidate, need: Need) -> bool:
    return need.language in candidate.languages
