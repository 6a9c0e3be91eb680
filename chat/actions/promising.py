"""Dated promises: made where nobody can be reached, looked at before they are due, and written into the ledger."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from agents.hours import are_open, next_open_of_all
from chat import journal
from chat.actions.moving import NOBODY, from_now, move
from chat.facts import DESK, Actor, PromiseAtRisk
from chat.journal import Post, author_of_desk
from chat.lifecycle import Trigger
from chat.models import Conversation
from chat.notices import CHOSEN
from chat.promises import Promise
from supportdesk import bus
from supportdesk.clock import now

CALLBACK_PRIORITY = 60
LOOKED_AT_BEFORE = timedelta(minutes=30)
"""A chosen date is kept from then on; before, the queue is for those who wait in it."""
ALERTED_BEFORE = timedelta(minutes=15)
ALERTED_MOST = 100
"""At a time."""


def promise(conversation: Conversation, *, actor: Actor, why: str, is_chosen: bool = False) -> None:
    """-> CALLBACK, due `callback_s` after the next opening. A date that is promised already and not yet past stays.

    One that the customer has chosen while people were there is looked at shortly before it is due, not at once.
    """
    due = conversation.callback_due
    if due is None or due <= now():
        due = _new_date(conversation)
        _write_down(conversation, due)
    tz = conversation.inbox.opening().tz
    words = {"due": f"{due.astimezone(tz):%A, %d %B, %H:%M} ({tz.key})"}
    look = max(_next_look(conversation, due), due - LOOKED_AT_BEFORE) if is_chosen else _next_look(conversation, due)
    move(
        conversation, Trigger.PROMISED, actor=actor, why=why, deadline=look, callback_due=due, words=words,
        told=not is_chosen, **NOBODY,
    )  # fmt: skip
    if is_chosen:
        code, text = CHOSEN
        said = text.format(**words)
        told = Post(conversation.id, author_of_desk(), f"{code}-{conversation.version}", said, notice=code)
        journal.write_one(told, is_locked=True)


def act_on_callback(conversation: Conversation, *, someone_suits: bool) -> str:
    """From the next opening on: to the top of the queue as soon as somebody is there, so that the date can be kept."""
    due = conversation.callback_due
    if someone_suits and are_open(conversation.openings(), now()):
        move(
            conversation, Trigger.CALLBACK_DUE, actor=DESK, why=f"promised by {due:%Y-%m-%d %H:%M} UTC",
            deadline=from_now(conversation.inbox.queue_s), waiting_since=asked_at(conversation), need_since=now(),
            priority=max(conversation.priority, CALLBACK_PRIORITY), waits_told=0, passed_by=[],
        )  # fmt: skip
        return "callback_due"
    if due is not None and due > now():
        Conversation.objects.filter(pk=conversation.pk).update(deadline=_next_look(conversation, due))
        return "callback_waits"
    promise(conversation, actor=DESK, why="promise broken: nobody to reach")
    return "promise_broken"


def asked_at(conversation: Conversation) -> datetime:
    """Since when the customer has waited for a person: before the promise, if one is open. It is his place."""
    if conversation.callback_due is None:
        return now()
    latest = Promise.objects.filter(conversation=conversation).order_by("-id").first()
    return latest.asked_at if latest is not None else now()


def keep_promise(conversation: Conversation) -> None:
    """A person has taken it: kept if in time, broken if not."""
    _settle(conversation, Promise.Outcome.KEPT)


def release_promise(conversation: Conversation) -> None:
    """It ended before a person was due."""
    _settle(conversation, Promise.Outcome.RELEASED)


def break_promises() -> int:
    """Writes down every promise that time has broken; who was promised keeps his place. Returns how many."""
    return Promise.objects.settle_overdue(now())


def alert_promises() -> int:
    """Tells supervisors, once each, of promises that are about to break; returns of how many."""
    told = 0
    with transaction.atomic():
        at_risk = Promise.objects.at_risk(now(), ALERTED_BEFORE).select_for_update(skip_locked=True).order_by("pk")
        for each in at_risk[:ALERTED_MOST]:
            Promise.objects.filter(pk=each.pk).update(alerted_at=now())
            bus.emit(PromiseAtRisk(each.conversation_id, each.due))
            told += 1
    return told


def _settle(conversation: Conversation, outcome: Promise.Outcome) -> None:
    if conversation.callback_due is None:
        return
    ledger = Promise.objects.filter(conversation=conversation)
    ledger.settle_overdue(now())
    ledger.open().update(outcome=outcome, outcome_at=now())


def _write_down(conversation: Conversation, due: datetime) -> None:
    since = conversation.waiting_since or asked_at(conversation)
    Promise.objects.filter(conversation=conversation).open().update(outcome=Promise.Outcome.BROKEN, outcome_at=now())
    Promise.objects.create(conversation=conversation, asked_at=since, due=due)


def _new_date(conversation: Conversation) -> datetime:
    """`callback_s` after the next opening; where nobody is there any more by then, after the opening that follows."""
    openings, later = conversation.openings(), timedelta(seconds=conversation.inbox.callback_s)
    due = (next_open_of_all(openings, now()) or now()) + later
    return due if are_open(openings, due) else (next_open_of_all(openings, due) or due) + later


def _next_look(conversation: Conversation, due: datetime) -> datetime:
    """When people answer next, or a while from now; never after it is due."""
    opening = next_open_of_all(conversation.openings(), now()) or now()
    return min(due, max(opening, from_now(conversation.inbox.queue_s)))
