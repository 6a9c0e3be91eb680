"""Every verb: what it changes, what it leaves behind (an event each), and what a loser of a race is told."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from agents.models import Agent, Availability, Skill, Team
from chat import actions, snapshots
from chat.errors import AlreadyTaken, BadValue, NotAssigned, SeqFromFuture, Stale
from chat.facts import DESK, Actor
from chat.lifecycle import IllegalTransition, Reason, State
from chat.models import Conversation, Customer, Event, HandoffPacket, Message, Note, Offer, Rating
from supportdesk.clock import now
from tests.cast import (
    assigned,
    bot_answers,
    called_back,
    conversation_of,
    let_deadline_pass,
    offered,
    queued,
    replies,
    says,
)


def state_of(pk: UUID) -> str:
    return Conversation.objects.get(pk=pk).state


def last_event(pk: UUID) -> Event:
    return Event.objects.filter(conversation_id=pk).latest("id")


def notices(pk: UUID) -> list[str | None]:
    return list(
        Message.objects.filter(conversation_id=pk, author_kind="system")
        .order_by("seq")
        .values_list("notice", flat=True)
    )


def by(customer: Customer) -> Actor:
    return Actor("customer", str(customer.id))


def test_first_message_opens_one_conversation_however_often_it_is_sent(ana: Customer) -> None:
    says(ana, "hello", "ana-000001")
    says(ana, "hello", "ana-000001")
    assert Conversation.objects.count() == 1
    assert Event.objects.get().trigger == "opened"


def test_a_repeated_first_message_finds_its_conversation_even_after_the_end(ana: Customer) -> None:
    says(ana, "hello", "ana-000001")
    first = conversation_of(ana)
    actions.close(conversation_id=first.id, actor=by(ana))
    Conversation.objects.update(closed_at=now() - timedelta(days=2))
    assert not says(ana, "hello", "ana-000001").is_new
    assert Conversation.objects.count() == 1


def test_writing_again_soon_reopens_and_later_opens_anew(ana: Customer) -> None:
    says(ana, "hello", "ana-000001")
    first = conversation_of(ana)
    actions.close(conversation_id=first.id, actor=by(ana))
    says(ana, "one more thing", "ana-000002")
    assert conversation_of(ana).id == first.id
    assert notices(first.id) == ["conversation_closed", "conversation_reopened"]
    actions.close(conversation_id=first.id, actor=by(ana))
    Conversation.objects.update(closed_at=now() - timedelta(days=2))
    says(ana, "back again", "ana-000003")
    assert conversation_of(ana).id != first.id


def test_asking_for_a_person_works_before_a_word_is_said(ana: Customer) -> None:
    pk = actions.request_human(customer_id=ana.id)
    assert state_of(pk) == State.QUEUED
    packet = HandoffPacket.objects.get()
    assert (packet.reason, notices(pk)) == (Reason.ASKED, ["handoff_requested"])


def test_asking_twice_keeps_the_place(ana: Customer) -> None:
    pk = actions.request_human(customer_id=ana.id)
    before = Conversation.objects.get(pk=pk)
    assert actions.request_human(customer_id=ana.id) == pk
    after = Conversation.objects.get(pk=pk)
    assert (before.waiting_since, before.version) == (after.waiting_since, after.version)


def test_a_handoff_carries_what_was_said(ana: Customer) -> None:
    conversation = queued(ana)
    packet = HandoffPacket.objects.get()
    assert "My lamp arrived broken" in packet.packet["summary"]
    assert last_event(conversation.id).why == "policy: a test"


def test_a_handoff_of_a_turn_that_was_overtaken_is_refused(ana: Customer) -> None:
    says(ana, "one", "ana-000001")
    says(ana, "two", "ana-000002")
    with pytest.raises(Stale):
        actions.hand_off(conversation_id=conversation_of(ana).id, reason=Reason.BOT_FAILED, why="late", upto_seq=1)


def test_the_bot_answers_a_turn_once(ana: Customer) -> None:
    says(ana, "when?", "ana-000001")
    conversation = conversation_of(ana)
    assert bot_answers(conversation, "Tomorrow.")
    assert not bot_answers(conversation, "Tomorrow.")
    assert Message.objects.filter(author_kind="bot").count() == 1
    assert conversation_of(ana).routed_seq == 1


def test_the_bot_is_stale_when_the_customer_has_written_since(ana: Customer) -> None:
    says(ana, "one", "ana-000001")
    says(ana, "two", "ana-000002")
    assert not bot_answers(conversation_of(ana), "to one only")
    assert not Message.objects.filter(author_kind="bot").exists()


def test_the_bot_is_stale_when_a_person_has_it(ana: Customer, bob: Agent) -> None:
    conversation = assigned(ana, bob)
    assert not bot_answers(conversation, "late")
    assert not Message.objects.filter(author_kind="bot").exists()


def test_an_offer_is_accepted_once_and_by_whom_it_was_made_to(ana: Customer, bob: Agent, carol: Agent) -> None:
    conversation = offered(ana, bob)
    with pytest.raises(AlreadyTaken):
        actions.accept(conversation_id=conversation.id, agent=carol)
    actions.accept(conversation_id=conversation.id, agent=bob)
    version = conversation_of(ana).version
    actions.accept(conversation_id=conversation.id, agent=bob)
    assert conversation_of(ana).version == version
    assert notices(conversation.id)[-1] == "agent_joined"


def test_declining_passes_on_and_keeps_the_place(ana: Customer, bob: Agent) -> None:
    conversation = offered(ana, bob)
    actions.decline(conversation_id=conversation.id, agent=bob, reason="lunch")
    after = conversation_of(ana)
    assert (after.state, after.waiting_since, after.passed_by) == (State.QUEUED, conversation.waiting_since, [bob.id])
    assert Offer.objects.get().outcome == "declined"
    assert notices(conversation.id) == ["handoff_requested"]


@pytest.mark.parametrize("change", [{"availability": Availability.AWAY}, {"capacity": 0}])
def test_nobody_away_or_full_is_offered_anything(ana: Customer, bob: Agent, change: dict[str, object]) -> None:
    conversation = queued(ana)
    Agent.objects.filter(pk=bob.pk).update(**change)
    with pytest.raises(actions.NotFree):
        actions.offer(conversation_id=conversation.id, agent_id=bob.id, why="a try")
    assert state_of(conversation.id) == State.QUEUED


def test_a_conversation_is_offered_to_one_agent_at_a_time(ana: Customer, bob: Agent, carol: Agent) -> None:
    conversation = offered(ana, bob)
    with pytest.raises(AlreadyTaken):
        actions.offer(conversation_id=conversation.id, agent_id=carol.id, why="another")


def test_a_lost_agent_gives_the_conversation_back_to_its_old_place(ana: Customer, bob: Agent) -> None:
    conversation = assigned(ana, bob)
    assert actions.lose_agent(conversation_id=conversation.id, agent_id=bob.id)
    after = conversation_of(ana)
    assert (after.state, after.waiting_since) == (State.QUEUED, conversation.waiting_since)
    assert notices(conversation.id)[-1] == "agent_lost"
    assert not actions.lose_agent(conversation_id=conversation.id, agent_id=bob.id)


def test_losing_an_agent_ends_his_offer_too(ana: Customer, bob: Agent) -> None:
    conversation = offered(ana, bob)
    assert actions.lose_agent(conversation_id=conversation.id, agent_id=bob.id)
    assert Offer.objects.get().outcome == "cancelled"


def test_transfer_to_an_agent_leaves_a_note_and_asks_for_him_first(ana: Customer, bob: Agent, carol: Agent) -> None:
    conversation = assigned(ana, bob)
    actions.transfer(conversation_id=conversation.id, agent=bob, to_agent_id=carol.id, note="knows lamps")
    after = conversation_of(ana)
    assert (after.state, after.need_agent_id, after.passed_by) == (State.QUEUED, carol.id, [bob.id])
    assert Note.objects.get().text == "→ Carol: knows lamps"
    assert notices(conversation.id)[-1] == "transferred"


def test_who_has_transferred_it_reads_for_whom_it_waits_until_somebody_has_it(
    ana: Customer, bob: Agent, carol: Agent
) -> None:
    conversation = assigned(ana, bob)
    team = Team.objects.create(name="Billing")
    Skill.objects.create(name="fraud").agents.add(carol)
    for target, name in (({"to_team_id": team.id}, "Billing"), ({"to_skill": "fraud"}, "fraud")):
        actions.transfer(conversation_id=conversation.id, agent=bob, **target)
        assert snapshots.for_desk(conversation.id).waits_for == name
        actions.offer(conversation_id=conversation.id, agent_id=bob.id, why="", accepted=True)
        assert snapshots.for_desk(conversation.id).waits_for == ""
    actions.transfer(conversation_id=conversation.id, agent=bob, to_agent_id=carol.id)
    assert snapshots.for_desk(conversation.id).waits_for == "Carol"


def test_transfer_needs_exactly_one_target_that_exists(ana: Customer, bob: Agent) -> None:
    conversation, team = assigned(ana, bob), Team.objects.create(name="Payments")
    for to_agent, to_team in ((None, None), (bob.id, team.id), (999, None), (None, 999), (bob.id, None)):
        with pytest.raises(BadValue):
            actions.transfer(conversation_id=conversation.id, agent=bob, to_agent_id=to_agent, to_team_id=to_team)
    actions.transfer(conversation_id=conversation.id, agent=bob, to_team_id=team.id)
    assert conversation_of(ana).need_team_id == team.id


def test_only_the_assignee_moves_the_conversation(ana: Customer, bob: Agent, carol: Agent) -> None:
    pk = assigned(ana, bob).id
    for verb in (actions.release, actions.return_to_bot):
        with pytest.raises(NotAssigned):
            verb(conversation_id=pk, agent=carol)
    with pytest.raises(NotAssigned):
        actions.close(conversation_id=pk, actor=Actor("agent", str(carol.id)), agent=carol)
    assert state_of(pk) == State.ASSIGNED


def test_back_with_the_bot_only_what_is_said_from_then_on_is_routed(ana: Customer, bob: Agent) -> None:
    conversation = assigned(ana, bob)
    says(ana, "thanks", "ana-000002")
    actions.return_to_bot(conversation_id=conversation.id, agent=bob, reason="a simple question")
    after = conversation_of(ana)
    assert (after.state, after.agent_id, after.to_route_seq) == (State.BOT, None, after.routed_seq)
    says(ana, "when do you open?", "ana-000003")
    assert conversation_of(ana).to_route_seq > after.routed_seq


def test_closing_ends_the_offer_and_is_harmless_twice(ana: Customer, bob: Agent) -> None:
    conversation = offered(ana, bob)
    for _ in range(2):
        actions.close(conversation_id=conversation.id, actor=by(ana))
    closed = Conversation.objects.get(pk=conversation.pk)
    assert (closed.state, closed.owner, closed.deadline) == (State.CLOSED, None, None)
    assert Offer.objects.get().outcome == "cancelled"
    assert Event.objects.filter(conversation=conversation, trigger="resolved").count() == 1


def test_every_transition_leaves_one_event_with_who_and_why(ana: Customer, bob: Agent) -> None:
    conversation = assigned(ana, bob)
    actions.release(conversation_id=conversation.id, agent=bob, reason="shift ends")
    events = list(Event.objects.filter(conversation=conversation).order_by("version"))
    assert [e.version for e in events] == list(range(1, conversation_of(ana).version + 1))
    assert (events[-1].trigger, events[-1].actor_kind, events[-1].actor_id) == ("released", "agent", str(bob.id))
    assert events[-1].why == "shift ends"


class TestDeadlines:
    def act(self, conversation: Conversation, *, someone_suits: bool = True) -> str | None:
        let_deadline_pass(conversation)
        return actions.act_on_deadline(conversation_id=conversation.id, someone_suits=someone_suits)

    def test_a_deadline_that_has_not_passed_is_left_alone(self, ana: Customer) -> None:
        assert actions.act_on_deadline(conversation_id=queued(ana).id, someone_suits=True) is None

    def test_a_silent_bot_hands_over(self, ana: Customer) -> None:
        says(ana, "hello?", "ana-000001")
        assert self.act(conversation_of(ana)) == "bot_silent"
        assert HandoffPacket.objects.get().reason == Reason.BOT_SILENT

    def test_a_quiet_customer_is_closed(self, ana: Customer) -> None:
        says(ana, "hello?", "ana-000001")
        bot_answers(conversation_of(ana), "Hello!")
        conversation = conversation_of(ana)
        assert self.act(conversation) == "idle_closed"
        assert state_of(conversation.id) == State.CLOSED

    def test_an_offer_expires_to_the_next(self, ana: Customer, bob: Agent) -> None:
        assert self.act(offered(ana, bob)) == "offer_expired"
        assert conversation_of(ana).passed_by == [bob.id]
        assert Agent.objects.get(pk=bob.pk).missed_offers == 1

    def test_who_misses_three_offers_in_a_row_is_set_away_with_a_note(self, ana: Customer, bob: Agent) -> None:
        for missed in (1, 2, 3):
            conversation = offered(ana, bob) if missed == 1 else conversation_of(ana)
            if missed > 1:
                actions.offer(conversation_id=conversation.id, agent_id=bob.id, why="again")
            assert self.act(conversation) == "offer_expired"
            bob.refresh_from_db()
            assert (bob.missed_offers, bob.is_available()) == (missed % 3, missed < 3)
        assert bob.availability_reason.startswith("3 offers in a row went unanswered")

    def test_nobody_answers_while_the_team_is_closed(self, ana: Customer) -> None:
        conversation = queued(ana)
        monday = {"mon": [["09:00", "17:00"]]} if now().weekday() != 0 else {"tue": [["09:00", "17:00"]]}
        conversation.need_team = Team.objects.create(name="Payments", hours=monday)
        conversation.save(update_fields=["need_team"])
        assert self.act(conversation) == "promised"
        due = conversation_of(ana).callback_due
        assert due is not None
        assert f"{due:%H:%M}" == "10:00", "an hour after it opens"

    def test_who_waits_is_told_so_while_somebody_is_there(self, ana: Customer) -> None:
        conversation = queued(ana)
        assert self.act(conversation) == "still_waiting"
        assert notices(conversation.id)[-1] == "still_waiting"

    def test_who_waits_for_nobody_gets_a_dated_promise(self, ana: Customer) -> None:
        after = called_back(ana)
        assert after.state == State.CALLBACK
        assert after.callback_due is not None
        assert after.deadline is not None
        assert now() < after.deadline <= after.callback_due, "looked at before it is due"
        assert notices(after.id)[-1] == "callback_promised"

    def test_a_promise_that_is_due_goes_to_the_top_of_the_queue(self, ana: Customer) -> None:
        assert self.act(called_back(ana)) == "callback_due"
        after = conversation_of(ana)
        assert (after.state, after.priority) == (State.QUEUED, actions.CALLBACK_PRIORITY)

    def test_a_broken_promise_is_written_down_and_renewed(self, ana: Customer) -> None:
        conversation = called_back(ana)
        Conversation.objects.update(callback_due=now() - timedelta(seconds=1))
        assert self.act(conversation, someone_suits=False) == "promise_broken"
        assert "broken" in last_event(conversation.id).why
        assert conversation_of(ana).state == State.CALLBACK

    def test_an_agent_who_does_not_reply_loses_it(self, ana: Customer, bob: Agent) -> None:
        assert self.act(assigned(ana, bob)) == "agent_silent"
        assert conversation_of(ana).state == State.QUEUED

    def test_a_customer_who_does_not_answer_a_person_is_closed(self, ana: Customer, bob: Agent) -> None:
        conversation = assigned(ana, bob)
        replies(bob, conversation.id, "Is it solved?", "bob-000001")
        assert self.act(conversation) == "idle_closed"


def test_marks_only_move_forward_and_never_into_the_future(ana: Customer) -> None:
    says(ana, "hello", "ana-000001")
    pk = conversation_of(ana).id
    bot_answers(conversation_of(ana), "Hello!")
    actions.mark_read(conversation_id=pk, reader="customer", seq=2)
    actions.mark_read(conversation_id=pk, reader="customer", seq=1)
    assert Conversation.objects.get(pk=pk).customer_read_seq == 2
    with pytest.raises(SeqFromFuture):
        actions.mark_read(conversation_id=pk, reader="customer", seq=3)


def test_a_second_rating_replaces_the_first(ana: Customer) -> None:
    says(ana, "hello", "ana-000001")
    actions.rate(customer_id=ana.id, score=2)
    actions.rate(customer_id=ana.id, score=5, comment="better now")
    assert (Rating.objects.get().score, Rating.objects.get().comment) == (5, "better now")


def test_a_handoff_is_scored(ana: Customer, bob: Agent) -> None:
    conversation = assigned(ana, bob)
    actions.score_handoff(conversation_id=conversation.id, agent=bob, score="right")
    assert HandoffPacket.objects.get().score == "right"


def test_a_callback_is_taken_up_by_one_agent(ana: Customer, bob: Agent, carol: Agent) -> None:
    conversation = called_back(ana)
    actions.take_up(conversation_id=conversation.id, agent=bob)
    with pytest.raises(AlreadyTaken):
        actions.take_up(conversation_id=conversation.id, agent=carol)
    assert conversation_of(ana).agent_id == bob.id


def test_the_bot_cannot_be_asked_to_resolve_a_closed_conversation(ana: Customer) -> None:
    says(ana, "hello", "ana-000001")
    pk = conversation_of(ana).id
    actions.close(conversation_id=pk, actor=DESK)
    with pytest.raises(IllegalTransition):
        actions.hand_off(conversation_id=pk, reason=Reason.POLICY, why="too late")


@pytest.mark.parametrize(
    "broken",
    [
        {"owner": "agent"},
        {"owner": None},
        {"deadline": None},
        {"state": State.ASSIGNED, "owner": "agent"},
        {"state": State.QUEUED, "owner": "queue", "waiting_since": None},
        {"state": State.CALLBACK, "owner": "callback"},
        {"state": State.CLOSED, "owner": None},
        {"state": "lost"},
    ],
)
def test_the_database_refuses_an_open_conversation_without_owner_or_deadline(
    ana: Customer, broken: dict[str, object]
) -> None:
    says(ana, "hello", "ana-000001")
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.update(**broken)
