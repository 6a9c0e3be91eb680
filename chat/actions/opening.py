"""The conversation a customer writes in: found, reopened or opened."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from chat.actions.moving import NO_NEED, NOBODY, from_now, lock, move
from chat.actions.queueing import last_agent, to_queue
from chat.facts import DESK, Actor, ConversationMoved
from chat.lifecycle import Reason, State, Trigger
from chat.models import Conversation, Customer, Event, Message
from supportdesk import bus
from supportdesk.clock import now


@transaction.atomic
def conversation_to_write_in(*, customer_id: UUID, client_id: str | None = None) -> UUID:
    """The customer's open conversation; else a lately closed one, reopened; else a new one.

    A `client_id` that this customer has used before names its conversation, so that a repeated first message
    never opens a second one. Locks: Customer, then Conversation.
    """
    customer = Customer.objects.select_for_update(no_key=True).select_related("inbox").get(pk=customer_id)
    if client_id is not None:
        before = Message.objects.filter(
            conversation__customer=customer, author_kind=Message.Author.CUSTOMER, client_id=client_id
        ).first()
        if before is not None:
            return before.conversation_id
    latest = customer.conversations.order_by("-opened_at").first()
    if latest is not None and latest.state != State.CLOSED:
        return latest.id
    if latest is not None and latest.can_reopen(now()):
        conversation = lock(latest.id)
        _reopen(conversation, actor=Actor("customer", str(customer_id)))
        if customer.inbox.reopen_to == "person" and last_agent(conversation) is not None:
            to_queue(conversation, reason=Reason.POLICY, why="goes on with the person who had it", actor=DESK)
        return conversation.id
    return _open(customer).id


def conversation_for_letter(*, conversation_id: UUID, client_id: str) -> Conversation:
    """Where an answer by e-mail belongs, locked; reopened where the inbox's rule lets it, else another.

    That is where the same letter went before; the customer's open conversation; the one it answers; a new one.
    Locks: Customer, then Conversation. In the caller's transaction.
    """
    asked = Conversation.objects.get(pk=conversation_id)
    customer = Customer.objects.select_for_update(no_key=True).select_related("inbox").get(pk=asked.customer_id)
    before = Message.objects.filter(
        conversation__customer=customer, author_kind=Message.Author.CUSTOMER, client_id=client_id
    ).first()
    there = before.conversation if before is not None else customer.conversations.exclude(state=State.CLOSED).first()
    if there is not None:
        return lock(there.id)
    conversation = lock(conversation_id)
    since = now() - timedelta(seconds=customer.inbox.mail_reopen_s)
    if conversation.closed_at is None or conversation.closed_at <= since:
        return _open(customer)
    _reopen(conversation, actor=Actor("customer", str(customer.id)))
    return conversation


def _open(customer: Customer) -> Conversation:
    moment = now()
    conversation = Conversation.objects.create(
        inbox=customer.inbox,
        customer=customer,
        deadline=moment + timedelta(seconds=customer.inbox.idle_s),
        opened_at=moment,
        last_message_at=moment,
        language=(customer.locale or customer.inbox.locale).replace("_", "-").split("-")[0].lower(),
    )
    actor = Actor("customer", str(customer.id))
    Event.objects.create(
        conversation=conversation, version=1, trigger="opened", from_state=State.BOT, to_state=State.BOT,
        actor_kind=actor.kind, actor_id=actor.id,
    )  # fmt: skip
    bus.emit(ConversationMoved(conversation.id, customer.id, 1, None, State.BOT, State.BOT, actor, ""))
    return conversation


def _reopen(conversation: Conversation, *, actor: Actor) -> None:
    move(
        conversation, Trigger.REOPENED, actor=actor, deadline=from_now(conversation.inbox.idle_s), closed_at=None,
        routed_seq=conversation.last_seq, to_route_seq=conversation.last_seq, misses=0, unanswered=False,
        **NOBODY, **NO_NEED,
    )  # fmt: skip
