"""Supervisors beside the assignee: stepping in (and writing, too), stepping out, taking over.

Whispers are notes (chat.actions.timeline): what the customer must not see never touches his timeline.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from agents.models import Agent
from chat.actions.moving import by_agent, free, from_now, lock, move
from chat.actions.offers import check_room
from chat.errors import NotAllowed, NotPossible
from chat.lifecycle import IllegalTransition, State, Trigger
from chat.models import Conversation

BESIDE_MOST = 5
"""Supervisors beside one assignee."""


@transaction.atomic
def step_in(*, conversation_id: UUID, agent: Agent) -> None:
    """A supervisor may write to the customer beside the assignee, who keeps the conversation. Twice is once.

    Raises:
        NotAllowed: he is no supervisor.
        NotPossible: enough take part already.
        IllegalTransition: no person has it.
    """
    conversation = _lock_assigned(conversation_id, agent, Trigger.STEPPED_IN)
    if agent.id in (conversation.agent_id, *conversation.beside):
        return
    if len(conversation.beside) >= BESIDE_MOST:
        raise NotPossible(f"{BESIDE_MOST} colleagues take part already. Ask one of them to step out.")
    move(
        conversation, Trigger.STEPPED_IN, actor=by_agent(agent), deadline=conversation.deadline,
        beside=[*conversation.beside, agent.id], words={"agent": agent.name},
    )  # fmt: skip


@transaction.atomic
def step_out(*, conversation_id: UUID, agent: Agent) -> None:
    """He writes no more. Does nothing for who does not take part (any more)."""
    conversation = lock(conversation_id)
    if agent.id in conversation.beside:
        move(
            conversation, Trigger.STEPPED_OUT, actor=by_agent(agent), deadline=conversation.deadline,
            beside=_without(conversation, agent), words={"agent": agent.name},
        )  # fmt: skip


@transaction.atomic
def take_over(*, conversation_id: UUID, agent: Agent) -> None:
    """ASSIGNED to a colleague -> ASSIGNED to this supervisor. Twice is once. Locks: Conversation, then both Agents
    in the order of their ids.

    Raises:
        NotAllowed: he is no supervisor.
        NotPossible: he has no room for it.
        IllegalTransition: no person has it.
    """
    conversation = _lock_assigned(conversation_id, agent, Trigger.TAKEN_OVER)
    before = conversation.agent
    if before is None or before.id == agent.id:
        return
    both = Agent.objects.select_for_update(no_key=True).filter(pk__in=[agent.id, before.id]).order_by("pk")
    taking = next(each for each in both if each.id == agent.id)
    check_room(taking, conversation)
    free(before)
    reply_by = from_now(conversation.inbox.first_reply_s)
    move(
        conversation, Trigger.TAKEN_OVER, actor=by_agent(agent), why=f"from {before.name}", agent=agent,
        deadline=reply_by if conversation.unanswered else conversation.deadline,
        beside=_without(conversation, agent), concerning=before, words={"agent": agent.name},
    )  # fmt: skip


def _lock_assigned(conversation_id: UUID, agent: Agent, trigger: Trigger) -> Conversation:
    if not agent.supervises():
        raise NotAllowed("Only supervisors step in and take over. Ask one, or leave a note.")
    conversation = lock(conversation_id)
    if conversation.state != State.ASSIGNED:
        raise IllegalTransition(State(conversation.state), trigger)
    return conversation


def _without(conversation: Conversation, agent: Agent) -> list[int]:
    return [each for each in conversation.beside if each != agent.id]
