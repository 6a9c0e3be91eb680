"""From the queue to one agent: offered, picked, accepted, taken up. Capacity is rechecked under the agent's lock."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from agents.models import Agent
from chat.actions.moving import by_agent, end_offer, from_now, lock, move
from chat.actions.passing import pass_on
from chat.actions.promising import keep_promise
from chat.errors import AlreadyTaken, NotAllowed, NotPossible
from chat.facts import DESK
from chat.lifecycle import State, Trigger
from chat.models import Conversation, Offer
from supportdesk import planned
from supportdesk.clock import now


class NotFree(Exception):
    """The agent chosen for an offer has gone, gone away or filled up meanwhile; choose again."""


@transaction.atomic
def offer(*, conversation_id: UUID, agent_id: int, why: str, accepted: bool = False) -> Offer:
    """QUEUED -> OFFERED to this agent, and -> ASSIGNED where his team accepts by itself. Locks: Conversation, then
    Agent; availability and capacity are rechecked.

    Raises:
        AlreadyTaken: it is not in the queue any more.
        NotFree: the agent is away or full.
    """
    conversation = lock(conversation_id)
    if conversation.state != State.QUEUED:
        raise AlreadyTaken
    agent = Agent.objects.select_for_update(no_key=True).get(pk=agent_id)
    if not agent.is_available() or not agent.has_room(load_of(agent.id), conversation.units):
        raise NotFree
    return _offer(conversation, agent, why=why, accepted=accepted)


def _offer(conversation: Conversation, agent: Agent, *, why: str, accepted: bool) -> Offer:
    expires_at = from_now(conversation.inbox.offer_s)
    made = Offer.objects.create(conversation=conversation, agent=agent, why=why[:500], expires_at=expires_at)
    move(conversation, Trigger.OFFERED, actor=DESK, why=why, deadline=expires_at, concerning=agent)
    if accepted:
        end_offer(conversation, agent, Offer.Outcome.ACCEPTED)
        _assign(conversation, Trigger.ACCEPTED, agent=agent)
    return made


@transaction.atomic
def pick(*, conversation_id: UUID, agent: Agent) -> None:
    """QUEUED -> ASSIGNED to an agent who takes it out of the queue by himself. Picking twice is picking once.

    Raises:
        NotAllowed: he may not pick.
        AlreadyTaken: it is not in the queue any more.
        NotPossible: he has no room for it.
    """
    conversation = lock(conversation_id)
    if conversation.state == State.ASSIGNED and conversation.agent_id == agent.id:
        return
    picking = Agent.objects.select_for_update(no_key=True).get(pk=agent.id)
    if not picking.may_pick():
        raise NotAllowed
    if conversation.state != State.QUEUED:
        raise AlreadyTaken
    check_room(picking, conversation)
    _offer(conversation, picking, why="picked from the queue", accepted=True)


def check_room(agent: Agent, conversation: Conversation) -> None:
    load = load_of(agent.id)
    if not agent.has_room(load, conversation.units):
        raise NotPossible(f"You have no room for it ({load} of {agent.capacity}). End or release a conversation first.")


LOAD = """
SELECT (SELECT coalesce(sum(units), 0) FROM chat_conversation WHERE agent_id = $1 AND state = 'assigned')
  + (SELECT coalesce(sum(c.units), 0) FROM chat_offer o JOIN chat_conversation c ON c.id = o.conversation_id
     WHERE o.agent_id = $1 AND o.outcome IS NULL)
"""


def load_of(agent_id: int) -> int:
    """Conversations an agent has or is being offered, in units of capacity."""
    ((load,),) = planned.run(LOAD, agent_id)
    return int(load)


@transaction.atomic
def accept(*, conversation_id: UUID, agent: Agent) -> None:
    """OFFERED to this agent -> ASSIGNED. Accepting twice is accepting once.

    Raises:
        AlreadyTaken: the offer is over.
    """
    conversation = lock(conversation_id)
    if conversation.state == State.ASSIGNED and conversation.agent_id == agent.id:
        return
    end_offer(conversation, agent, Offer.Outcome.ACCEPTED)
    _assign(conversation, Trigger.ACCEPTED, agent=agent)


@transaction.atomic
def decline(*, conversation_id: UUID, agent: Agent, reason: str = "") -> None:
    """The offer passes on; the conversation keeps its place.

    Raises:
        AlreadyTaken: the offer is over.
    """
    conversation = lock(conversation_id)
    end_offer(conversation, agent, Offer.Outcome.DECLINED, reason)
    pass_on(conversation, Trigger.DECLINED, agent, actor=by_agent(agent), why=reason)


@transaction.atomic
def take_up(*, conversation_id: UUID, agent: Agent) -> None:
    """CALLBACK -> ASSIGNED: an agent calls back by hand.

    Raises:
        AlreadyTaken: somebody else has it.
        NotPossible: the agent has no room for it.
        IllegalTransition: it is not a callback.
    """
    conversation = lock(conversation_id)
    if conversation.state == State.ASSIGNED:
        if conversation.agent_id == agent.id:
            return
        raise AlreadyTaken
    taking = Agent.objects.select_for_update(no_key=True).get(pk=agent.id)
    check_room(taking, conversation)
    _assign(conversation, Trigger.TAKEN_UP, agent=agent)


def _assign(conversation: Conversation, trigger: Trigger, *, agent: Agent) -> None:
    keep_promise(conversation)
    Agent.objects.filter(pk=agent.pk).update(idle_since=now(), missed_offers=0)
    move(
        conversation, trigger, actor=by_agent(agent), deadline=from_now(conversation.inbox.first_reply_s), agent=agent,
        replied=False, concerning=agent, words={"agent": agent.name}, callback_due=None,
    )  # fmt: skip
