"""Supervisors beside the assignee: who may write, what the customer hears, and what he never hears."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from agents.models import Agent, Role, Skill
from agents.staff import employ
from chat import actions, handling, snapshots
from chat.errors import BadValue, NotAllowed, NotAssigned, NotPossible
from chat.facts import Actor
from chat.lifecycle import IllegalTransition, State
from chat.models import Conversation, Customer, Event, Inbox, Message, Note
from routing import asking
from routing.claim import claim
from supportdesk.clock import now
from tests.cast import assigned, make_agent, queued, replies, says

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam(db: None) -> Agent:
    return make_agent("sam", role=Role.SUPERVISOR)


def again(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def notices(conversation: Conversation) -> list[str | None]:
    rows = Message.objects.filter(conversation=conversation, author_kind="system").order_by("seq")
    return list(rows.values_list("notice", flat=True))


def refused(agent: Agent, conversation: Conversation) -> bool:
    try:
        with transaction.atomic():
            replies(agent, conversation.pk, "Hello from me", uuid4().hex)
    except NotAssigned:
        return True
    return False


def test_who_steps_in_may_write_and_the_assignee_keeps_it(ana: Customer, bob: Agent, sam: Agent) -> None:
    conversation = assigned(ana, bob)
    assert refused(sam, conversation)
    for _ in range(2):  # twice is once
        actions.step_in(conversation_id=conversation.pk, agent=sam)
    assert not refused(sam, conversation)
    assert not refused(bob, conversation)
    assert (again(conversation).agent_id, again(conversation).beside) == (bob.pk, [sam.pk])
    assert notices(conversation)[-1] == "agent_joined"
    assert [card.name for card in snapshots.for_desk(conversation.pk).beside] == ["Sam"]
    actions.step_out(conversation_id=conversation.pk, agent=sam)
    assert refused(sam, conversation)
    assert notices(conversation)[-1] == "agent_left"
    assert Event.objects.filter(conversation=conversation, trigger="stepped_in").count() == 1


def test_a_colleague_who_is_no_supervisor_does_neither(ana: Customer, bob: Agent, carol: Agent) -> None:
    conversation = assigned(ana, bob)
    for verb in (actions.step_in, actions.take_over):
        with pytest.raises(NotAllowed):
            verb(conversation_id=conversation.pk, agent=carol)
    with pytest.raises(NotAllowed):
        actions.add_note(conversation_id=conversation.pk, agent=carol, client_id="c-000001", text="psst", whisper=True)
    assert refused(carol, conversation)


def test_where_no_person_has_it_there_is_nobody_to_stand_beside(ana: Customer, sam: Agent) -> None:
    conversation = queued(ana)
    for verb in (actions.step_in, actions.take_over):
        with pytest.raises(IllegalTransition):
            verb(conversation_id=conversation.pk, agent=sam)
    with pytest.raises(NotPossible):
        actions.add_note(conversation_id=conversation.pk, agent=sam, client_id="s-000001", text="psst", whisper=True)


def released(conversation: Conversation, bob: Agent) -> None:
    actions.release(conversation_id=conversation.pk, agent=bob)


def returned(conversation: Conversation, bob: Agent) -> None:
    actions.return_to_bot(conversation_id=conversation.pk, agent=bob)


def closed(conversation: Conversation, bob: Agent) -> None:
    actions.close(conversation_id=conversation.pk, agent=bob, actor=Actor("agent", str(bob.pk)))


@pytest.mark.parametrize("leaves", [released, returned, closed])
def test_once_the_assignee_is_gone_nobody_is_beside(
    ana: Customer, bob: Agent, sam: Agent, leaves: Callable[[Conversation, Agent], None]
) -> None:
    conversation = assigned(ana, bob)
    actions.step_in(conversation_id=conversation.pk, agent=sam)
    leaves(conversation, bob)
    assert again(conversation).beside == []
    actions.step_out(conversation_id=conversation.pk, agent=sam)  # too late, and harmless


def test_taking_over_makes_him_the_assignee_and_frees_the_colleague(ana: Customer, bob: Agent, sam: Agent) -> None:
    conversation = assigned(ana, bob)
    actions.step_in(conversation_id=conversation.pk, agent=sam)
    for _ in range(2):
        actions.take_over(conversation_id=conversation.pk, agent=sam)
    after = again(conversation)
    assert (after.state, after.agent_id, after.beside) == (State.ASSIGNED, sam.pk, [])
    assert after.deadline is not None
    assert (actions.load_of(bob.pk), actions.load_of(sam.pk)) == (0, 1)
    assert refused(bob, conversation)
    assert not refused(sam, conversation)


def test_who_has_no_room_does_not_take_over(ana: Customer, bob: Agent) -> None:
    full = make_agent("tom", role=Role.SUPERVISOR, capacity=0)
    conversation = assigned(ana, bob)
    with pytest.raises(NotPossible, match="no room"):
        actions.take_over(conversation_id=conversation.pk, agent=full)
    assert again(conversation).agent_id == bob.pk


def test_so_many_and_no_more_stand_beside(ana: Customer, bob: Agent) -> None:
    conversation = assigned(ana, bob)
    crowd = [make_agent(f"sup{n}", role=Role.SUPERVISOR) for n in range(6)]
    for one in crowd[:5]:
        actions.step_in(conversation_id=conversation.pk, agent=one)
    with pytest.raises(NotPossible):
        actions.step_in(conversation_id=conversation.pk, agent=crowd[5])


def test_a_whisper_is_a_note_that_no_customer_sees(ana: Customer, bob: Agent, sam: Agent) -> None:
    conversation = assigned(ana, bob)
    before = again(conversation)
    for _ in range(2):
        actions.add_note(
            conversation_id=conversation.pk, agent=sam, client_id="s-000001", text="offer a refund", whisper=True
        )
    note = Note.objects.get()
    assert (note.is_whisper, snapshots.note(note).whisper) == (True, True)
    assert again(conversation).last_seq == before.last_seq
    shown = snapshots.for_customer(conversation.pk).model_dump_json()
    said = [each.model_dump_json() for each in snapshots.messages_after(conversation.pk, 0)[0]]
    assert not any("refund" in each for each in [shown, *said])


def test_handling_is_counted_from_the_taking_not_from_the_stepping_in(ana: Customer, bob: Agent, sam: Agent) -> None:
    conversation = assigned(ana, bob)
    Event.objects.filter(conversation=conversation).update(at=now() - timedelta(seconds=100))
    actions.step_in(conversation_id=conversation.pk, agent=sam)
    actions.release(conversation_id=conversation.pk, agent=bob)
    (seconds,) = handling.handled_since(now() - timedelta(hours=1), 10)
    assert 99 < seconds < 130


def test_a_transfer_to_a_skill_waits_for_who_has_it(ana: Customer, bob: Agent, carol: Agent) -> None:
    carol.skills.add(Skill.objects.create(name="glass"))
    conversation = assigned(ana, bob)
    for to in ({"to_skill": "juggling"}, {"to_skill": "glass", "to_agent_id": carol.pk}, {}):
        with pytest.raises(BadValue):
            actions.transfer(conversation_id=conversation.pk, agent=bob, **to)
    actions.transfer(conversation_id=conversation.pk, agent=bob, to_skill="glass", note="cracked shade")
    after = again(conversation)
    assert (after.state, after.need_skills, after.passed_by) == (State.QUEUED, ["glass"], [bob.pk])
    assert Note.objects.get().text == "→ glass: cracked shade"


def test_nothing_is_transferred_to_who_was_let_go(ana: Customer, bob: Agent, carol: Agent) -> None:
    conversation = assigned(ana, bob)
    Skill.objects.create(name="fraud").agents.add(carol)
    employ(agent_id=carol.id, is_active=False)
    for target in ({"to_agent_id": carol.id}, {"to_skill": "fraud"}):
        with pytest.raises(BadValue):
            actions.transfer(conversation_id=conversation.id, agent=bob, **target)


def test_the_bot_knows_what_was_said_before_it_was_given_back(ana: Customer, bob: Agent) -> None:
    conversation = assigned(ana, bob)
    replies(bob, conversation.pk, "Your new shade left today", uuid4().hex)
    actions.return_to_bot(conversation_id=conversation.pk, agent=bob, reason="only follow-ups left")
    says(ana, "When does it arrive?", uuid4().hex)
    (turn,) = claim(1)
    assert "Your new shade left today" in [line.text for line in asking.transcript(turn)]
    assert turn.text == "When does it arrive?"


@pytest.mark.parametrize(("policy", "state"), [("bot", State.BOT), ("person", State.QUEUED)])
def test_a_reopened_conversation_goes_where_the_inbox_says(
    ana: Customer, inbox: Inbox, bob: Agent, policy: str, state: State
) -> None:
    Inbox.objects.update(reopen_to=policy)
    conversation = assigned(ana, bob)
    closed(conversation, bob)
    says(Customer.objects.get(pk=ana.pk), "One more thing", uuid4().hex)
    after = again(conversation)
    assert after.state == state
    assert after.preferred_agent_id == (bob.pk if policy == "person" else None)


def test_one_that_only_the_bot_had_reopens_to_the_bot(ana: Customer) -> None:
    Inbox.objects.update(reopen_to="person")
    says(ana, "hello", uuid4().hex)
    actions.close_current(customer_id=ana.pk)
    says(ana, "hello again", uuid4().hex)
    assert Conversation.objects.get().state == State.BOT
