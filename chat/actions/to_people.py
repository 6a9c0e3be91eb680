"""From the bot to people: asked for by the customer, or decided by routing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from chat.actions.bot import Recognised
from chat.actions.moving import lock
from chat.actions.opening import conversation_to_write_in
from chat.actions.promising import promise
from chat.actions.queueing import to_queue
from chat.errors import NotFound, NotPossible, Stale
from chat.facts import BOT, Actor
from chat.lifecycle import Reason, State
from chat.models import Conversation


@transaction.atomic
def request_human(*, customer_id: UUID) -> UUID:
    """The customer asks for a person by the button: works in every state and cannot be refused."""
    conversation = lock(conversation_to_write_in(customer_id=customer_id))
    if conversation.state in (State.BOT, State.CALLBACK):
        ahead = conversation.inbox.priority_of(conversation.customer)
        conversation.priority = max(conversation.priority, ahead)
        to_queue(
            conversation,
            reason=Reason.ASKED,
            why="pressed “Talk to a person”",
            actor=Actor("customer", str(customer_id)),
        )
    return conversation.id


@transaction.atomic
def take_callback(*, customer_id: UUID) -> UUID:
    """QUEUED -> CALLBACK, as the customer wishes: rather a date than this wait. Twice is once.

    Raises:
        NotFound: he has no open conversation.
        NotPossible: a person is about to join, or is there.
    """
    current = Conversation.objects.filter(customer_id=customer_id).exclude(state=State.CLOSED).first()
    if current is None:
        raise NotFound
    conversation = lock(current.id)
    if conversation.state == State.CALLBACK:
        return conversation.id
    if conversation.state != State.QUEUED:
        raise NotPossible("There is nobody you wait for, or somebody is about to join you: stay a moment.")
    promise(conversation, actor=Actor("customer", str(customer_id)), why="chose a date", is_chosen=True)
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
