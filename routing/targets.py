"""From a team to whom else may be asked, and when: its fallbacks, then anybody. Pure, but for reading the teams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from routing.assignment import ANYBODY, Target
from supportdesk import planned


@dataclass(frozen=True, slots=True)
class TeamRow:
    id: int
    name: str
    fallback_id: int | None = None
    fallback_s: float = 60
    accepts_by_itself: bool = False


TEAMS = "SELECT id, name, fallback_id, fallback_s, accepts_by_itself FROM agents_team"


def teams() -> dict[int, TeamRow]:
    return {row[0]: TeamRow(*row) for row in planned.run(TEAMS)}


def targets_of(team_id: int | None, teams: Mapping[int, TeamRow], anybody_s: float) -> tuple[Target, ...]:
    """The team at once, each fallback its time after the one before, anybody after `anybody_s` at the earliest."""
    found: list[Target] = []
    opens_s, seen = 0.0, set[int]()
    while team_id is not None and team_id in teams and team_id not in seen:
        team = teams[team_id]
        found.append(Target(team.id, opens_s, team.name, team.accepts_by_itself))
        seen.add(team.id)
        opens_s += team.fallback_s
        team_id = team.fallback_id
    if not found:
        return ANYBODY
    return (*found, Target(opens_s=max(anybody_s, found[-1].opens_s), is_last_resort=True))
