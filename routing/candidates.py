"""Rows and presence as the pure choice sees them: who could take a conversation, and what it needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from agents import presence
from agents.models import Agent, Availability
from chat.lifecycle import Trigger
from chat.models import Conversation, Event
from chat.snapshots import loads
from routing.assignment import Candidate, Need

PASSES = (
    Trigger.DECLINED,
    Trigger.OFFER_EXPIRED,
    Trigger.RELEASED,
    Trigger.AGENT_LOST,
    Trigger.AGENT_SILENT,
    Trigger.TRANSFERRED,
)


def candidates() -> list[Candidate]:
    """Every agent who is online and available, with his load. A fixed number of queries.

    Raises:
        RedisError: presence is not known.
    """
    online = presence.online_ids()
    if not online:
        return []
    rows = Agent.objects.filter(pk__in=online, availability=Availability.AVAILABLE, user__is_active=True)
    load = loads()
    return [
        Candidate(
            id=agent.id,
            name=agent.name,
            skills=frozenset(skill.name for skill in agent.skills.all()),
            languages=frozenset(agent.languages),
            team_ids=frozenset(team.id for team in agent.teams.all()),
            load=load.get(agent.id, 0),
            capacity=agent.capacity,
            idle_since=agent.idle_since,
            is_online=True,
            is_available=True,
        )
        for agent in rows.prefetch_related("skills", "teams")
    ]


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


def needs(rows: Sequence[Conversation]) -> dict[UUID, Need]:
    """What each conversation needs."""
    passed_at = _passed_at([row.id for row in rows if row.passed_by])
    return {
        row.id: Need(
            skills=frozenset(row.need_skills),
            language=row.language,
            team_id=row.need_team_id,
            agent_id=row.need_agent_id,
            passed_by=frozenset(row.passed_by),
            passed_at=passed_at.get(row.id),
            waited_out=row.waits_told > 0,
        )
        for row in rows
    }


def _passed_at(conversation_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    if not conversation_ids:
        return {}
    passes = Event.objects.filter(conversation_id__in=conversation_ids, trigger__in=PASSES)
    return dict(passes.values_list("conversation_id").annotate(Max("at")))
