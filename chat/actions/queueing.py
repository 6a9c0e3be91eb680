"""Into the queue, with a packet of what is known; out of hours, with a date at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agents.hours import are_open
from agents.models import Agent
from chat import handoff
from chat.actions.moving import from_now, move
from chat.actions.promising import asked_at, promise
from chat.facts import DESK, Actor
from chat.lifecycle import Reason, Trigger
from chat.models import Conversation, Event, HandoffPacket
from supportdesk.clock import now

TAKES = (Trigger.ACCEPTED, Trigger.TAKEN_UP, Trigger.TAKEN_OVER)
"""By these an agent becomes the assignee; the event's actor is he."""


def to_queue(
    conversation: Conversation,
    *,
    reason: Reason,
    why: str,
    actor: Actor,
    versions: Mapping[str, str] | None = None,
    **known: Any,
) -> None:
    is_open = are_open(conversation.openings(), now())
    packet = handoff.draft(conversation, **known)
    move(
        conversation, Trigger.HANDOFF_REQUESTED, actor=actor, why=f"{reason}: {why}", versions=versions,
        deadline=from_now(conversation.inbox.queue_s), waiting_since=asked_at(conversation),
        routed_seq=conversation.to_route_seq, waits_told=0, passed_by=[], misses=0,
        need_since=None, preferred_agent_id=last_agent(conversation), units=conversation.units,
        need_skills=conversation.need_skills, preferred_skills=conversation.preferred_skills,
        need_team_id=conversation.need_team_id, priority=conversation.priority,
        language=conversation.language, frustration=conversation.frustration, intent=conversation.intent,
        intent_confidence=conversation.intent_confidence, told=is_open,
    )  # fmt: skip
    HandoffPacket.objects.create(
        conversation=conversation, reason=reason, why=why[:500], packet=packet.model_dump(mode="json"),
        packet_version=handoff.PACKET_VERSION, version=conversation.version,
        target_s=conversation.inbox.queue_s if is_open else None,
        target_percent=conversation.inbox.reach_percent if is_open else None,
    )  # fmt: skip
    if not is_open:
        promise(conversation, actor=DESK, why="asked for outside the hours")


def last_agent(conversation: Conversation) -> int | None:
    """Who took this customer's conversation last."""
    took = Event.objects.filter(conversation__customer_id=conversation.customer_id, trigger__in=TAKES)
    latest = took.order_by("-id").values_list("actor_id", flat=True).first()
    return int(latest) if latest and Agent.objects.filter(pk=latest).exists() else None
