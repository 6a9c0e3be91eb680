"""What the desk does when a deadline passes, in each state. Only the sweeper calls it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from agents.hours import are_open, next_open_of_all
from chat import journal
from chat.actions.ending import end
from chat.actions.moving import NOBODY, end_offer, from_now, lock, move
from chat.actions.passing import pass_on
from chat.actions.to_people import to_queue
from chat.facts import DESK, Actor
from chat.journal import Post, author_of_desk
from chat.lifecycle import Reason, State, Trigger
from chat.models import Conversation, Offer
from chat.notices import STILL_WAITING
from supportdesk.clock import now

CALLBACK_PRIORITY = 60


@transaction.atomic
def act_on_deadline(*, conversation_id: UUID, someone_online: bool) -> str | None:
    """What a passed deadline means in each state; returns a word for it, None if it has not passed or was seen to.

    Only the sweeper calls it. `someone_online`: whether any available agent is online now.
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
        if someone_online and are_open(conversation.openings(), now()):
            _still_waiting(conversation)
            return "still_waiting"
        _promise(conversation, actor=DESK, why="nobody to reach")
        return "promised"
    if conversation.state == State.ASSIGNED:
        if conversation.unanswered or not conversation.replied:
            pass_on(conversation, Trigger.AGENT_SILENT, conversation.agent, actor=DESK, why="no reply in time")
            return "agent_silent"
        end(conversation, Trigger.IDLE_CLOSED, actor=DESK, why=f"quiet for {inbox.idle_s} s")
        return "idle_closed"
    if someone_online:
        move(
            conversation, Trigger.CALLBACK_DUE, actor=DESK, why="promise due", deadline=from_now(inbox.queue_s),
            waiting_since=now(), callback_due=None, priority=max(conversation.priority, CALLBACK_PRIORITY),
            waits_told=0, passed_by=[],
        )  # fmt: skip
        return "callback_due"
    _promise(conversation, actor=DESK, why="promise broken: nobody to reach")
    return "promise_broken"


def _promise(conversation: Conversation, *, actor: Actor, why: str) -> None:
    """-> CALLBACK, due `callback_s` after the next opening."""
    opening = next_open_of_all(conversation.openings(), now()) or now()
    due = opening + timedelta(seconds=conversation.inbox.callback_s)
    tz = conversation.inbox.opening().tz
    move(
        conversation, Trigger.PROMISED, actor=actor, why=why, deadline=due, callback_due=due,
        words={"due": f"{due.astimezone(tz):%A, %d %B, %H:%M} ({tz.key})"}, **NOBODY,
    )  # fmt: skip


def _still_waiting(conversation: Conversation) -> None:
    told = conversation.waits_told + 1
    code, text = STILL_WAITING
    journal.write_one(
        Post(conversation.id, author_of_desk(), f"{code}-{conversation.version}-{told}", text, notice=code)
    )
    Conversation.objects.filter(pk=conversation.pk).update(
        waits_told=told, deadline=from_now(conversation.inbox.queue_s)
    )
