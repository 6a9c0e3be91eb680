"""Back into the queue, in the old place: released, transferred, or its agent has gone."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from agents.models import Agent, Skill, Team
from chat.actions.moving import by_agent, end_offer, from_now, lock, lock_assigned, move
from chat.actions.timeline import write_note
from chat.errors import BadValue
from chat.facts import DESK, Actor
from chat.lifecycle import State, Trigger
from chat.models import Conversation, Offer
from supportdesk.clock import now


@transaction.atomic
def release(*, conversation_id: UUID, agent: Agent, reason: str = "") -> None:
    """ASSIGNED -> QUEUED in its old place, by its agent."""
    conversation = lock_assigned(conversation_id, agent)
    pass_on(conversation, Trigger.RELEASED, agent, actor=by_agent(agent), why=reason)


@transaction.atomic
def transfer(
    *,
    conversation_id: UUID,
    agent: Agent,
    to_agent_id: int | None = None,
    to_team_id: int | None = None,
    to_skill: str | None = None,
    note: str = "",
) -> None:
    """ASSIGNED -> QUEUED for one agent, who is offered it first, for a team, or for whoever has a skill.

    Raises:
        BadValue: not exactly one target, or an unknown one, or oneself.
    """
    if sum(each is not None for each in (to_agent_id, to_team_id, to_skill)) != 1:
        raise BadValue("Transfer to exactly one of agent_id, team_id and skill.")
    target: Agent | Team | Skill | None
    if to_agent_id is not None:
        target = Agent.objects.filter(pk=to_agent_id, user__is_active=True).exclude(pk=agent.pk).first()
    elif to_team_id is not None:
        target = Team.objects.filter(pk=to_team_id).first()
    else:
        target = Skill.objects.filter(name=to_skill, agents__user__is_active=True).first()
    if target is None:
        raise BadValue("There is no such agent or team to transfer to, or nobody has the skill.")
    conversation = lock_assigned(conversation_id, agent)
    skills = [to_skill] if to_skill is not None else conversation.need_skills
    if note.strip():
        write_note(
            conversation, agent=agent, client_id=f"transfer.{conversation.version}", text=f"→ {target.name}: {note}"
        )
    move(
        conversation, Trigger.TRANSFERRED, actor=by_agent(agent), why=note,
        deadline=from_now(conversation.inbox.queue_s),
        agent=None, passed_by=[agent.id], waits_told=0, waiting_since=conversation.waiting_since or now(),
        need_agent_id=to_agent_id, need_team_id=to_team_id, need_skills=skills, need_since=now(),
        preferred_agent_id=None,
        concerning=agent, words={"target": "a colleague" if isinstance(target, Skill) else target.name},
    )  # fmt: skip


@transaction.atomic
def withdraw_offer(*, conversation_id: UUID, agent_id: int) -> bool:
    """The agent has gone away: what he was being offered passes on. False if it moved on."""
    conversation = lock(conversation_id)
    live = conversation.live_offer()
    if live is None or live.agent_id != agent_id or live.agent.is_available():
        return False
    end_offer(conversation, live.agent, Offer.Outcome.CANCELLED, "went away")
    pass_on(conversation, Trigger.AGENT_LOST, live.agent, actor=DESK, why="went away", told=False)
    return True


@transaction.atomic
def lose_agent(*, conversation_id: UUID, agent_id: int) -> bool:
    """The agent's presence has gone past grace: the conversation goes back to its old place. False if it moved on."""
    conversation = lock(conversation_id)
    if conversation.state == State.OFFERED:
        live = conversation.live_offer()
        if live is None or live.agent_id != agent_id:
            return False
        end_offer(conversation, live.agent, Offer.Outcome.CANCELLED, "agent lost")
        pass_on(conversation, Trigger.AGENT_LOST, live.agent, actor=DESK, why="offline past grace", told=False)
        return True
    if conversation.state != State.ASSIGNED or conversation.agent_id != agent_id:
        return False
    pass_on(conversation, Trigger.AGENT_LOST, conversation.agent, actor=DESK, why="offline past grace")
    return True


def pass_on(
    conversation: Conversation, trigger: Trigger, agent: Agent | None, *, actor: Actor, why: str = "", told: bool = True
) -> None:
    passed = [*conversation.passed_by, agent.id] if agent is not None else conversation.passed_by
    wanted = conversation.need_agent_id
    move(
        conversation, trigger, actor=actor, why=why, deadline=from_now(conversation.inbox.queue_s), agent=None,
        waiting_since=conversation.waiting_since or now(), passed_by=sorted(set(passed)), concerning=agent,
        need_agent_id=None if agent is not None and wanted == agent.id else wanted,
        words={"agent": agent.name if agent else ""}, told=told,
    )  # fmt: skip
