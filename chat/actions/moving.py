"""The one way a state changes, and what every verb begins with: the lock.

Lock order, always: Customer, Conversation, Agent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from agents import actions as agent_actions
from agents.models import Agent
from chat import journal
from chat.errors import AlreadyTaken, NotAssigned, NotFound
from chat.facts import Actor, ConversationMoved
from chat.journal import Post, author_of_desk
from chat.lifecycle import OWNER, State, Trigger, next_state
from chat.models import Conversation, Event, Offer
from chat.notices import NOTICES
from supportdesk import bus
from supportdesk.clock import now

NOBODY: dict[str, Any] = {"agent": None, "waiting_since": None, "passed_by": [], "waits_told": 0}

NO_NEED: dict[str, Any] = {
    "need_skills": [], "preferred_skills": [], "need_team_id": None, "need_agent_id": None, "need_since": None,
    "preferred_agent_id": None, "priority": 0, "units": 1,
}  # fmt: skip


def lock(conversation_id: UUID) -> Conversation:
    try:
        return (
            Conversation.objects.select_for_update(of=("self",), no_key=True)
            .select_related("inbox", "agent")
            .get(pk=conversation_id)
        )
    except Conversation.DoesNotExist:
        raise NotFound from None


def lock_assigned(conversation_id: UUID, agent: Agent, *, or_closed: bool = False) -> Conversation:
    conversation = lock(conversation_id)
    if or_closed and conversation.state == State.CLOSED:
        return conversation
    if conversation.state != State.ASSIGNED or conversation.agent_id != agent.id:
        raise NotAssigned
    return conversation


def move(
    conversation: Conversation,
    trigger: Trigger,
    *,
    actor: Actor,
    deadline: datetime | None,
    why: str = "",
    versions: Mapping[str, str] | None = None,
    concerning: Agent | None = None,
    words: Mapping[str, str] | None = None,
    told: bool = True,
    **changes: Any,
) -> None:
    """One transition of a locked conversation: state, owner and deadline, event, notice, fact."""
    before, after = State(conversation.state), next_state(State(conversation.state), trigger)
    version = conversation.version
    changes |= {"state": after, "owner": OWNER[after], "deadline": deadline, "version": version + 1}
    changes["routing_until"] = None
    if after != State.ASSIGNED:
        changes["beside"] = []
    if Conversation.objects.filter(pk=conversation.pk, version=version).update(**changes) != 1:
        raise AlreadyTaken
    for name, value in changes.items():
        setattr(conversation, name, value)
    Event.objects.create(
        conversation=conversation, version=version + 1, trigger=trigger, from_state=before, to_state=after,
        actor_kind=actor.kind, actor_id=actor.id, why=why[:500], versions=dict(versions or {}),
    )  # fmt: skip
    notice = NOTICES.get((trigger, after)) if told else None
    if notice is not None:
        code, text = notice
        said = text.format(**(words or {}))
        post = Post(conversation.id, author_of_desk(), f"{code}-{version + 1}", said, notice=code)
        journal.write_one(post, is_locked=True)
    bus.emit(
        ConversationMoved(
            conversation.id, conversation.customer_id, version + 1, trigger, before, after, actor, why,
            concerning.id if concerning else None,
        )
    )  # fmt: skip


def end_offer(conversation: Conversation, agent: Agent, outcome: Offer.Outcome, reason: str = "") -> None:
    ended = Offer.objects.filter(conversation=conversation, agent=agent, outcome__isnull=True).update(
        outcome=outcome, outcome_at=now(), outcome_reason=reason[:500]
    )
    if ended != 1:
        raise AlreadyTaken
    if outcome == Offer.Outcome.EXPIRED:
        agent_actions.missed_offer(agent_id=agent.pk)


def free(agent: Agent) -> None:
    Agent.objects.filter(pk=agent.pk).update(idle_since=now())


def by_agent(agent: Agent) -> Actor:
    return Actor("agent", str(agent.id))


def from_now(seconds: int) -> datetime:
    return now() + timedelta(seconds=seconds)
