"""What changes an agent for others to know of: the availability he chooses, his coming and going."""

from __future__ import annotations

from django.db import transaction

from agents import presence
from agents.facts import AgentPresenceChanged, AvailabilityChanged
from agents.models import Agent, Availability
from supportdesk import bus
from supportdesk.clock import now

MISSED_MOST = 3
MISSED_NOTE = f"{MISSED_MOST} offers in a row went unanswered. Choose “available” when you are back."


@transaction.atomic
def set_availability(*, agent_id: int, availability: str, reason: str = "") -> Agent:
    """The agent's choice; choosing the same again changes nothing and is told to nobody.

    Raises:
        ValueError: no such availability.
        Agent.DoesNotExist: no such agent.
    """
    chosen = Availability(availability)
    agent = Agent.objects.select_for_update(no_key=True).get(pk=agent_id)
    if (agent.availability, agent.availability_reason) == (chosen, reason):
        return agent
    if agent.availability != chosen:
        agent.availability_since = now()
        agent.missed_offers = 0
    agent.availability = chosen
    agent.availability_reason = reason
    agent.save(update_fields=["availability", "availability_reason", "availability_since", "missed_offers"])
    bus.emit(AvailabilityChanged(agent.id, chosen.value, reason))
    return agent


@transaction.atomic
def missed_offer(*, agent_id: int) -> None:
    """An offer ran out unanswered; MISSED_MOST in a row set the agent away, with a note that says so."""
    agent = Agent.objects.select_for_update(no_key=True).get(pk=agent_id)
    agent.missed_offers += 1
    agent.save(update_fields=["missed_offers"])
    if agent.missed_offers >= MISSED_MOST and agent.is_available():
        set_availability(agent_id=agent_id, availability=Availability.AWAY, reason=MISSED_NOTE)


def came_online(agent_id: int, socket_id: str, *, for_s: int | None = None) -> None:
    """A socket of this agent opened. It counts for `for_s` seconds, else for PRESENCE_TTL_S."""
    presence.heard(agent_id, socket_id, for_s=for_s)
    if presence.show(agent_id):
        bus.emit(AgentPresenceChanged(agent_id, online=True))


def socket_gone(agent_id: int, socket_id: str) -> None:
    """A socket of this agent closed; the last one makes him offline."""
    presence.gone(agent_id, socket_id)
    if not presence.is_online(agent_id) and presence.unshow(agent_id):
        bus.emit(AgentPresenceChanged(agent_id, online=False))


def notice_presence() -> None:
    """Tells of those who came or fell silent unnoticed: killed browsers, killed web processes, a flushed Redis."""
    online, shown = presence.online_ids(), presence.shown_ids()
    for agent_id in sorted(online - shown):
        if presence.show(agent_id):
            bus.emit(AgentPresenceChanged(agent_id, online=True))
    for agent_id in sorted(shown - online):
        if presence.unshow(agent_id):
            bus.emit(AgentPresenceChanged(agent_id, online=False))
