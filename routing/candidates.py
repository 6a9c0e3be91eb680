"""Rows and presence as the pure choice sees them: who could take a conversation now."""

from __future__ import annotations

from agents import presence
from agents.models import Agent, Availability
from chat.snapshots import LOADS
from routing.assignment import Candidate
from supportdesk import planned

CANDIDATES = f"""
SELECT a.id, a.name, skills.names, a.languages, teams.ids, coalesce(held.load, 0), a.capacity, a.idle_since
FROM agents_agent a
JOIN auth_user u ON u.id = a.user_id AND u.is_active
LEFT JOIN (SELECT k.agent_id, array_agg(s.name) AS names
  FROM agents_agent_skills k JOIN agents_skill s ON s.id = k.skill_id GROUP BY k.agent_id) skills
  ON skills.agent_id = a.id
LEFT JOIN (SELECT agent_id, array_agg(team_id) AS ids FROM agents_agent_teams GROUP BY agent_id) teams
  ON teams.agent_id = a.id
LEFT JOIN ({LOADS}) held ON held.agent_id = a.id
WHERE a.availability = 'available' AND a.capacity > 0 AND a.id = ANY($1::bigint[])
"""  # noqa: S608  # constants


def candidates() -> list[Candidate]:
    """Every agent who is online and available, with his load. One query.

    Raises:
        RedisError: presence is not known.
    """
    online = presence.online_ids()
    if not online:
        return []
    return [
        Candidate(
            id=pk, name=name, skills=frozenset(skills or ()), languages=frozenset(languages),
            team_ids=frozenset(team_ids or ()), load=load, capacity=capacity, idle_since=idle_since,
            is_online=True, is_available=True,
        )
        for pk, name, skills, languages, team_ids, load, capacity, idle_since in planned.run(
            CANDIDATES, sorted(online)
        )
    ]  # fmt: skip


def someone_reachable() -> bool:
    """Whether any available agent is online.

    Raises:
        RedisError: presence is not known.
    """
    online = presence.online_ids()
    return (
        bool(online)
        and Agent.objects.filter(
            pk__in=online, availability=Availability.AVAILABLE, capacity__gt=0, user__is_active=True
        ).exists()
    )
