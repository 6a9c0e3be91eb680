"""What routing does about facts; supportdesk.wiring names these. Each only hastens what the sweeper would find."""

from __future__ import annotations

from agents.facts import AgentPresenceChanged, AvailabilityChanged
from agents.models import Availability
from chat import actions
from chat.facts import ConversationMoved, MessagePosted
from chat.lifecycle import State, Trigger
from chat.models import WAITING, Offer
from routing import errands, queue

_HOLDS_AN_AGENT = (State.OFFERED, State.ASSIGNED)


def route_message(fact: MessagePosted) -> None:
    if fact.to_route:
        errands.wake_routing()


def keep_queue(fact: ConversationMoved) -> None:
    """A place is taken on entering and given up on leaving; an offer in between keeps it."""
    if (fact.from_state in WAITING) != (fact.to_state in WAITING):
        queue.settle(fact.conversation_id)


def dispatch_when_moved(fact: ConversationMoved) -> None:
    """Something waits for an agent, or an agent has room again."""
    has_room = fact.from_state in _HOLDS_AN_AGENT and fact.to_state not in _HOLDS_AN_AGENT
    if fact.to_state == State.QUEUED or has_room or fact.trigger == Trigger.TAKEN_OVER:
        errands.send_dispatch()


def withdraw_when_away(fact: AvailabilityChanged) -> None:
    """What is offered to an agent who goes away passes on now; one that is missed here runs out by its deadline."""
    if fact.availability == Availability.AWAY:
        live = Offer.objects.filter(agent_id=fact.agent_id, outcome__isnull=True)
        for conversation_id in live.values_list("conversation_id", flat=True):
            actions.withdraw_offer(conversation_id=conversation_id, agent_id=fact.agent_id)


def dispatch_when_available(fact: AvailabilityChanged | AgentPresenceChanged) -> None:
    is_back = fact.online if isinstance(fact, AgentPresenceChanged) else fact.availability == Availability.AVAILABLE
    if is_back:
        errands.send_dispatch()
