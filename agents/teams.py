"""Teams and agents as a supervisor changes them. Whom teams fall back to is a chain that never comes round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from agents.models import Agent, AgentSkill, Skill, Team


class FallbackCycle(ValueError):
    """The chain of fallbacks would come back to where it began."""


def comes_round(team_id: int, fallback_id: int | None, fallbacks: Mapping[int, int | None]) -> bool:
    """Whether `team_id` falling back to `fallback_id` closes a circle. Pure."""
    seen = {team_id}
    while fallback_id is not None:
        if fallback_id in seen:
            return True
        seen.add(fallback_id)
        fallback_id = fallbacks.get(fallback_id)
    return False


class NameTaken(ValueError):
    """Another team has that name."""


def found_team(*, name: str) -> Team:
    """Raises NameTaken."""
    team, is_new = Team.objects.get_or_create(name=name)
    if not is_new:
        raise NameTaken
    return team


@transaction.atomic
def change_team(*, team_id: int, **changes: Any) -> Team:
    """Saves `hours`, `fallback_id`, `fallback_s` or `accepts_by_itself`. All teams are locked, so that two halves of a
    circle are never saved at once.

    Raises:
        FallbackCycle.
        Team.DoesNotExist: no such team, or no such fallback.
    """
    teams = {team.id: team for team in Team.objects.select_for_update().order_by("id")}
    if team_id not in teams or changes.get("fallback_id", team_id) not in (None, *teams):
        raise Team.DoesNotExist
    if comes_round(team_id, changes.get("fallback_id"), {pk: team.fallback_id for pk, team in teams.items()}):
        raise FallbackCycle
    Team.objects.filter(pk=team_id).update(**changes)
    return Team.objects.get(pk=team_id)


@transaction.atomic
def change_agent(
    *, agent_id: int, skills: Mapping[str, int] | None = None, team_ids: Sequence[int] | None = None, **columns: Any
) -> Agent:
    """Saves what is given; `skills` are all he has from now on, with their levels, and `team_ids` all his teams.

    Raises:
        Agent.DoesNotExist, Team.DoesNotExist.
    """
    agent = Agent.objects.select_for_update(no_key=True).get(pk=agent_id)
    if columns:
        Agent.objects.filter(pk=agent_id).update(**columns)
    if team_ids is not None:
        if Team.objects.filter(pk__in=team_ids).count() != len(set(team_ids)):
            raise Team.DoesNotExist
        agent.teams.set(team_ids)
    if skills is not None:
        AgentSkill.objects.filter(agent=agent).delete()
        known = [Skill.objects.get_or_create(name=name)[0] for name in sorted(skills)]
        AgentSkill.objects.bulk_create(AgentSkill(agent=agent, skill=s, level=skills[s.name]) for s in known)
    return Agent.objects.prefetch_related("levels__skill", "teams").get(pk=agent_id)
