"""What the desk does when a deadline passes, in each state. Only the sweeper calls it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from agents.hours import are_open
from chat import journal
from chat.actions.ending import end
from chat.actions.moving import end_offer, from_now, lock
from chat.actions.passing import pass_on
from chat.actions.promising import act_on_callback, promise
from chat.actions.queueing import to_queue
from chat.facts import DESK
from chat.journal import Post, author_of_desk
from chat.lifecycle import Reason, State, Trigger
from chat.models import Conversation, Offer
from chat.notices import STILL_WAITING
from supportdesk.clock import now

BROUGHT_BACK_MOST = 20
LOOKED_AT_WITHIN_S = 600
"""A date that is looked at later than this is one for later, which its customer has chosen."""


@transaction.atomic
def act_on_deadline(*, conversation_id: UUID, someone_suits: bool) -> str | None:
    """What a passed deadline means in each state; returns a word for it, None if it has not passed or was seen to.

    Only the sweeper calls it. `someone_suits`: whether an available agent is online who may have it.
    """
    conversation = lock(conversation_id)
    if conversation.deadline is None or conversation.deadline > now():
        return None
    inbox = conversation.inbox
    if conversation.state == State.BOT:
        if conversation.to_route_seq > conversation.routed_seq:
            to_queue(conversation, reason=Reason.BOT_SILENT, why=f"no answer within {inbox.bot_turn_s} s", actor=DESK)
            return "bot_silent"
        end(conversation, Trigger.IDLE_CLOSED, actor=DESK, why=f"quiet for {inbox.idle_s} s")
        return "idle_closed"
    if conversation.state == State.OFFERED:
        live = conversation.live_offer()
        if live is not None:
            end_offer(conversation, live.agent, Offer.Outcome.EXPIRED)
        pass_on(
            conversation, Trigger.OFFER_EXPIRED, live.agent if live else None, actor=DESK, why="not accepted in time"
        )
        return "offer_expired"
    if conversation.state == State.QUEUED:
        if someone_suits and are_open(conversation.openings(), now()):
            _still_waiting(conversation)
            return "still_waiting"
        promise(conversation, actor=DESK, why="nobody to reach")
        return "promised"
    if conversation.state == State.ASSIGNED:
        if conversation.unanswered or not conversation.replied:
            pass_on(conversation, Trigger.AGENT_SILENT, conversation.agent, actor=DESK, why="no reply in time")
            return "agent_silent"
        end(conversation, Trigger.IDLE_CLOSED, actor=DESK, why=f"quiet for {inbox.idle_s} s")
        return "idle_closed"
    return act_on_callback(conversation, someone_suits=someone_suits)


def bring_back_callbacks(someone_suits: Callable[[Conversation], bool]) -> int:
    """Somebody is free: whom a date was promised goes ahead of those who wait, not only at his next look, if somebody
    who is there suits. Returns how many; the sweeper brings back the rest."""
    soon = now() + timedelta(seconds=LOOKED_AT_WITHIN_S)
    promised = Conversation.objects.filter(state=State.CALLBACK, deadline__lte=soon).order_by("callback_due", "id")
    back = 0
    for conversation_id in list(promised.values_list("pk", flat=True)[:BROUGHT_BACK_MOST]):
        with transaction.atomic():
            conversation = lock(conversation_id)
            is_open = conversation.state == State.CALLBACK and are_open(conversation.openings(), now())
            if is_open and someone_suits(conversation):
                back += act_on_callback(conversation, someone_suits=True) == "callback_due"
    return back


def _still_waiting(conversation: Conversation) -> None:
    told = conversation.waits_told + 1
    code, text = STILL_WAITING
    journal.write_one(
        Post(conversation.id, author_of_desk(), f"{code}-{conversation.version}-{told}", text, notice=code),
        is_locked=True,
    )
    Conversation.objects.filter(pk=conversation.pk).update(
        waits_told=told, deadline=from_now(conversation.inbox.queue_s)
    )
