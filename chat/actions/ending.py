"""Back to the bot, and the end."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from agents.models import Agent
from chat.actions.moving import NO_NEED, NOBODY, by_agent, end_offer, free, from_now, lock, lock_assigned, move
from chat.actions.promising import release_promise
from chat.errors import NotFound
from chat.facts import Actor
from chat.lifecycle import State, Trigger
from chat.models import Conversation, Offer
from supportdesk.clock import now


@transaction.atomic
def return_to_bot(*, conversation_id: UUID, agent: Agent, reason: str = "") -> None:
    """ASSIGNED -> BOT. What was said meanwhile is not routed again; the customer's next message is."""
    conversation = lock_assigned(conversation_id, agent)
    free(agent)
    move(
        conversation, Trigger.RETURNED_TO_BOT, actor=by_agent(agent), why=reason,
        deadline=from_now(conversation.inbox.idle_s),
        routed_seq=conversation.last_seq, to_route_seq=conversation.last_seq, misses=0, concerning=agent,
        unanswered=False, **NOBODY, **NO_NEED,
    )  # fmt: skip


@transaction.atomic
def close(*, conversation_id: UUID, actor: Actor, why: str = "", agent: Agent | None = None) -> None:
    """-> CLOSED by its customer, its agent or the desk. Closing twice is closing once."""
    conversation = lock_assigned(conversation_id, agent, or_closed=True) if agent else lock(conversation_id)
    if conversation.state != State.CLOSED:
        end(conversation, Trigger.RESOLVED, actor=actor, why=why)


@transaction.atomic
def close_current(*, customer_id: UUID) -> UUID:
    """The customer ends the conversation.

    Raises:
        NotFound: there has never been one.
    """
    latest = Conversation.objects.filter(customer_id=customer_id).order_by("-opened_at").first()
    if latest is None:
        raise NotFound
    close(conversation_id=latest.id, actor=Actor("customer", str(customer_id)))
    return latest.id


def end(conversation: Conversation, trigger: Trigger, *, actor: Actor, why: str = "") -> None:
    live = conversation.live_offer()
    if live is not None:
        end_offer(conversation, live.agent, Offer.Outcome.CANCELLED, "closed")
    release_promise(conversation)
    if conversation.agent is not None:
        free(conversation.agent)
    move(
        conversation, trigger, actor=actor, why=why, deadline=None, closed_at=now(), callback_due=None,
        concerning=conversation.agent or (live.agent if live else None), routed_seq=conversation.to_route_seq,
        **NOBODY,
    )  # fmt: skip
