"""Reachability as a promise: dated at once out of hours, on top of the queue in time, and written into the ledger."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agents.models import Agent, Role
from chat import actions
from chat.actions.promising import LOOKED_AT_BEFORE
from chat.errors import NotFound, NotPossible
from chat.facts import Actor
from chat.lifecycle import State
from chat.models import Conversation, Customer, HandoffPacket, Inbox, Message
from chat.promises import Promise
from supportdesk.clock import now
from tests.api import speakers
from tests.cast import called_back, conversation_of, let_deadline_pass, offered, queued, says

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def shut(inbox: Inbox) -> None:
    """Open on another day only."""
    Inbox.objects.filter(pk=inbox.pk).update(hours={DAYS[(now().weekday() + 3) % 7]: [["09:00", "17:00"]]})


def open_again(inbox: Inbox) -> None:
    Inbox.objects.filter(pk=inbox.pk).update(hours={})


def look(conversation: Conversation, *, someone_suits: bool) -> str | None:
    let_deadline_pass(conversation)
    return actions.act_on_deadline(conversation_id=conversation.id, someone_suits=someone_suits)


def outcomes() -> list[str | None]:
    return list(Promise.objects.order_by("id").values_list("outcome", flat=True))


def test_out_of_hours_the_customer_is_promised_a_date_at_once(ana: Customer, inbox: Inbox) -> None:
    shut(inbox)
    says(ana, "hello", "ana-000001")
    actions.request_human(customer_id=ana.id)
    after = conversation_of(ana)
    assert (after.state, HandoffPacket.objects.count()) == (State.CALLBACK, 1)
    assert after.callback_due is not None
    assert after.callback_due.strftime("%H:%M") == "10:00", "an hour after it opens"
    assert after.deadline == after.callback_due - timedelta(hours=1), "looked at when it opens"
    notices = Message.objects.filter(notice__isnull=False).values_list("notice", flat=True)
    assert list(notices) == ["callback_promised"], "nobody is said to be coming now"
    assert outcomes() == [None]


def test_asking_again_keeps_the_date(ana: Customer, inbox: Inbox) -> None:
    shut(inbox)
    actions.request_human(customer_id=ana.id)
    due = conversation_of(ana).callback_due
    actions.request_human(customer_id=ana.id)
    assert (conversation_of(ana).callback_due, outcomes()) == (due, [None])


def test_a_callback_is_not_brought_back_while_closed_whoever_is_online(ana: Customer, inbox: Inbox) -> None:
    shut(inbox)
    actions.request_human(customer_id=ana.id)
    assert look(conversation_of(ana), someone_suits=True) == "callback_waits"
    assert conversation_of(ana).state == State.CALLBACK


def test_in_the_morning_it_is_on_top_of_the_queue_with_its_promise(
    ana: Customer, dan: Customer, inbox: Inbox, bob: Agent
) -> None:
    shut(inbox)
    actions.request_human(customer_id=ana.id)
    Promise.objects.update(asked_at=now() - timedelta(hours=14))
    open_again(inbox)
    waits = queued(dan)
    Conversation.objects.filter(pk=waits.pk).update(waiting_since=now() - timedelta(minutes=90), priority=60)
    assert look(conversation_of(ana), someone_suits=True) == "callback_due"
    after = conversation_of(ana)
    assert after.callback_due is not None, "the agent sees what was promised"
    assert Conversation.objects.filter(state=State.QUEUED).order_by("place_at").first() == after
    actions.offer(conversation_id=after.id, agent_id=bob.id, why="free")
    actions.accept(conversation_id=after.id, agent=bob)
    assert outcomes() == ["kept"]
    assert conversation_of(ana).callback_due is None


def test_a_promise_taken_too_late_was_broken(ana: Customer, bob: Agent) -> None:
    conversation = called_back(ana)
    Promise.objects.update(due=now() - timedelta(minutes=1))
    actions.take_up(conversation_id=conversation.id, agent=bob)
    assert outcomes() == ["broken"]


def test_time_alone_breaks_a_promise_and_once(ana: Customer) -> None:
    called_back(ana)
    assert actions.break_promises() == 0
    Promise.objects.update(due=now() - timedelta(minutes=1))
    assert (actions.break_promises(), actions.break_promises(), outcomes()) == (1, 0, ["broken"])


def test_a_broken_promise_is_followed_by_a_new_one_with_the_old_place(ana: Customer) -> None:
    conversation = called_back(ana)
    since = Promise.objects.get().asked_at
    Conversation.objects.update(callback_due=now() - timedelta(seconds=1))
    assert look(conversation, someone_suits=False) == "promise_broken"
    assert outcomes() == ["broken", None]
    assert Promise.objects.latest("id").asked_at == since


def test_supervisors_read_the_ledger(ana: Customer, bob: Agent, carol: Agent) -> None:
    conversation = called_back(ana)
    assert speakers.agent(bob).is_refused("promises/", method="GET") == (403, "forbidden")
    Agent.objects.filter(pk=carol.pk).update(role=Role.SUPERVISOR)
    shown = speakers.agent(Agent.objects.get(pk=carol.pk)).get("promises/")
    assert (shown["open"], shown["kept"], shown["broken"]) == (1, 0, 0)
    assert shown["items"][0]["conversation_id"] == str(conversation.id)
    assert shown["items"][0]["customer"] == "Ana"


def test_closing_releases_the_promise(ana: Customer) -> None:
    conversation = called_back(ana)
    actions.close(conversation_id=conversation.id, actor=Actor("customer", str(ana.id)))
    assert outcomes() == ["released"]


# --- Chosen by the customer, and about to break -----------------------------------------------------------------------


def test_who_would_rather_not_wait_is_given_a_date_and_keeps_his_place_for_it(ana: Customer) -> None:
    conversation = queued(ana)
    since = conversation.waiting_since
    for _ in range(2):  # twice is once
        assert actions.take_callback(customer_id=ana.pk) == conversation.pk
    after = conversation_of(ana)
    assert (after.state, after.waiting_since) == (State.CALLBACK, None)
    assert after.callback_due is not None
    assert after.deadline == after.callback_due - LOOKED_AT_BEFORE  # until then the queue is for those who wait in it
    assert Promise.objects.get().asked_at == since
    assert [m.notice for m in after.messages.order_by("-seq")[:1]] == ["callback_chosen"]
    let_deadline_pass(after)
    assert actions.act_on_deadline(conversation_id=after.pk, someone_suits=True) == "callback_due"
    assert conversation_of(ana).waiting_since == since


def test_a_date_is_for_who_waits(ana: Customer, dan: Customer, bob: Agent) -> None:
    with pytest.raises(NotFound):
        actions.take_callback(customer_id=dan.pk)
    offered(ana, bob)
    with pytest.raises(NotPossible):
        actions.take_callback(customer_id=ana.pk)


def test_supervisors_are_told_once_before_a_promise_breaks(ana: Customer) -> None:
    called_back(ana)
    assert actions.alert_promises() == 0
    Promise.objects.update(due=now() + timedelta(minutes=10))
    assert [actions.alert_promises() for _ in range(2)] == [1, 0]


def test_one_that_was_kept_alerts_nobody(ana: Customer, bob: Agent) -> None:
    conversation = called_back(ana)
    Promise.objects.update(due=now() + timedelta(minutes=10))
    actions.take_up(conversation_id=conversation.pk, agent=bob)
    assert actions.alert_promises() == 0


def test_who_comes_first_finds_the_promised_on_top(ana: Customer, dan: Customer, bob: Agent) -> None:
    promised, chosen = called_back(ana), queued(dan)
    actions.take_callback(customer_id=dan.pk)
    assert actions.bring_back_callbacks(lambda _: True) == 1
    assert [Conversation.objects.get(pk=each.pk).state for each in (promised, chosen)] == [State.QUEUED, State.CALLBACK]
    assert actions.bring_back_callbacks(lambda _: True) == 0


def test_no_date_lies_after_closing_time(ana: Customer, inbox: Inbox) -> None:
    day = DAYS[(now().weekday() + 3) % 7]
    Inbox.objects.filter(pk=inbox.pk).update(hours={day: [["09:00", "09:30"], ["14:00", "17:00"]]})
    actions.request_human(customer_id=ana.id)
    due = conversation_of(ana).callback_due
    assert due is not None
    assert due.strftime("%H:%M") == "15:00", "an hour after 9 nobody is there"


def test_out_of_hours_nobody_is_brought_back(ana: Customer, inbox: Inbox) -> None:
    called_back(ana)
    shut(inbox)
    assert actions.bring_back_callbacks(lambda _: True) == 0
