"""Rows and presence as the pure choice sees them: who could take a conversation now."""

from __future__ import annotations

from datetime import datetime

from agents import presence
from chat.snapshots import LOADS
from routing.assignment import Candidate
from supportdesk import planned
from supportdesk.clock import now

CANDIDATES = f"""
SELECT a.id, a.name, skills.names, skills.levels, a.languages, teams.ids, coalesce(held.load, 0), a.capacity,
  a.idle_since, coalesce(teams.accepts, false)
FROM agents_agent a
JOIN auth_user u ON u.id = a.user_id AND u.is_active
LEFT JOIN (SELECT k.agent_id, array_agg(s.name) AS names, array_agg(k.level) AS levels
  FROM agents_agent_skills k JOIN agents_skill s ON s.id = k.skill_id GROUP BY k.agent_id) skills
  ON skills.agent_id = a.id
LEFT JOIN (SELECT m.agent_id, array_agg(m.team_id) AS ids, bool_or(t.accepts_by_itself) AS accepts
  FROM (SELECT agent_id, team_id FROM agents_agent_teams UNION SELECT taken.agent_id, s.team_id
        FROM agents_shift s JOIN agents_shift_agents taken ON taken.shift_id = s.id
        WHERE s.starts_at <= $2::timestamptz AND s.ends_at > $2) m
  JOIN agents_team t ON t.id = m.team_id GROUP BY m.agent_id) teams ON teams.agent_id = a.id
LEFT JOIN ({LOADS}) held ON held.agent_id = a.id
WHERE a.availability = 'available' AND a.capacity > 0 AND a.id = ANY($1::bigint[])
"""  # noqa: S608  # constants


def candidates() -> list[Candidate]:
    """Every agent who is online and available, with his load, and of which teams he is now. One query.

    Raises:
        RedisError: presence is not known.
    """
    online = presence.online_ids()
    return [_candidate(*row) for row in planned.run(CANDIDATES, sorted(online), now())] if online else []


def _candidate(
    pk: int, name: str, skills: list[str] | None, levels: list[int] | None, languages: list[str],
    team_ids: list[int] | None, load: int, capacity: int, idle_since: datetime, accepts_by_itself: bool,
) -> Candidate:  # fmt: skip
    return Candidate(
        id=pk, name=name, skills=dict(zip(skills or (), levels or (), strict=True)), languages=frozenset(languages),
        team_ids=frozenset(team_ids or ()), load=int(load), capacity=capacity, idle_since=idle_since, is_online=True,
        is_available=True, accepts_by_itself=accepts_by_itself,
    )  # fmt: skip
