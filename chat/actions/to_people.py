"""From the bot to people: asked for by the customer, or decided by routing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from agents.hours import are_open
from agents.models import Agent
from chat import handoff
from chat.actions.bot import Recognised
from chat.actions.moving import from_now, lock, move
from chat.actions.opening import conversation_to_write_in
from chat.actions.promising import asked_at, promise
from chat.errors import Stale
from chat.facts import BOT, DESK, Actor
from chat.lifecycle import Reason, State, Trigger
from chat.models import Conversation, Event, HandoffPacket
from supportdesk.clock import now


@transaction.atomic
def request_human(*, customer_id: UUID) -> UUID:
    """The customer asks for a person by the button: works in every state and cannot be refused."""
    conversation = lock(conversation_to_write_in(customer_id=customer_id))
    if conversation.state in (State.BOT, State.CALLBACK):
        to_queue(
            conversation,
            reason=Reason.ASKED,
            why="pressed “Talk to a person”",
            actor=Actor("customer", str(customer_id)),
        )
    return conversation.id


@transaction.atomic
def hand_off(
    *,
    conversation_id: UUID,
    reason: Reason,
    why: str,
    actor: Actor = BOT,
    upto_seq: int | None = None,
    skills: list[str] | None = None,
    preferred_skills: list[str] | None = None,
    team_id: int | None = None,
    priority: int | None = None,
    units: int | None = None,
    versions: Mapping[str, str] | None = None,
    recognised: Recognised | None = None,
    **known: Any,
) -> None:
    """BOT or CALLBACK -> QUEUED, with a packet. `known` are fields of chat.handoff.Packet the caller knows better.

    Does nothing where people have it already. With `upto_seq` (a routing turn's end) it is refused when the
    customer has written since.

    Raises:
        Stale: a newer message waits for routing.
        IllegalTransition: the conversation is closed.
    """
    conversation = lock(conversation_id)
    if conversation.state in (State.QUEUED, State.OFFERED, State.ASSIGNED):
        return
    if upto_seq is not None and conversation.to_route_seq > upto_seq:
        raise Stale
    if skills:
        conversation.need_skills = sorted({*conversation.need_skills, *skills})
    if preferred_skills:
        conversation.preferred_skills = sorted({*conversation.preferred_skills, *preferred_skills})
    if units is not None:
        conversation.units = max(conversation.units, units)
    if team_id is not None:
        conversation.need_team_id = team_id
    if priority is not None:
        conversation.priority = max(conversation.priority, priority)
    if recognised is not None:
        _recognise(conversation, recognised)
    to_queue(conversation, reason=reason, why=why, actor=actor, versions=versions, **known)


def _recognise(conversation: Conversation, recognised: Recognised) -> None:
    conversation.language, conversation.frustration = recognised.language, recognised.frustration
    if recognised.intent is not None:
        conversation.intent, conversation.intent_confidence = recognised.intent, recognised.confidence


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
        need_since=None, preferred_agent_id=_last_agent(conversation), units=conversation.units,
        need_skills=conversation.need_skills, preferred_skills=conversation.preferred_skills,
        need_team_id=conversation.need_team_id, priority=conversation.priority,
        language=conversation.language, frustration=conversation.frustration, intent=conversation.intent,
        intent_confidence=conversation.intent_confidence, told=is_open,
    )  # fmt: skip
    HandoffPacket.objects.create(
        conversation=conversation, reason=reason, why=why[:500], packet=packet.model_dump(mode="json"),
        packet_version=handoff.PACKET_VERSION,
    )  # fmt: skip
    if not is_open:
        promise(conversation, actor=DESK, why="asked for outside the hours")


def _last_agent(conversation: Conversation) -> int | None:
    """Who took this customer's conversation last."""
    took = Event.objects.filter(
        conversation__customer_id=conversation.customer_id, trigger__in=[Trigger.ACCEPTED, Trigger.TAKEN_UP]
    )
    latest = took.order_by("-id").values_list("actor_id", flat=True).first()
    return int(latest) if latest and Agent.objects.filter(pk=latest).exists() else None
