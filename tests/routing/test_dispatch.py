"""Offers leave the queue in order; who must wait holds up nobody; the rows decide where Redis is wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from agents.models import Agent, Availability, Shift, Skill, Team
from chat import actions, snapshots
from chat.lifecycle import Reason, State
from chat.models import Conversation, Customer, Event, Inbox, Offer
from chat.protocol import QueuePlace
from routing import queue
from routing.dispatch import dispatch
from routing.heads import FIRST, PAGE
from routing.waiting import TURN, tell_places
from supportdesk.clock import now
from supportdesk.redis import redis
from tests.cast import assigned, called_back, make_agent
from tests.floor import flushed, is_there, states, waits

__all__ = ["flushed"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("flushed")]


def test_the_head_of_the_queue_is_offered_until_all_are_full(inbox: Inbox, bob: Agent) -> None:
    Agent.objects.update(capacity=2)
    is_there(bob)
    rows = [waits(inbox, since_s=60 - n) for n in range(3)]
    queue.rebuild()
    assert dispatch() == 2
    assert [states()[row.id] for row in rows] == [State.OFFERED, State.OFFERED, State.QUEUED]
    assert dispatch() == 0


def test_whoever_was_promised_a_date_goes_before_one_who_came_later_whichever_walk_sees_the_agent_first(
    inbox: Inbox, ana: Customer, bob: Agent
) -> None:
    promised, later = called_back(ana), waits(inbox, since_s=30)
    Agent.objects.update(capacity=1)
    is_there(bob)
    queue.rebuild()
    assert dispatch() == 1
    assert states() == {promised.id: State.OFFERED, later.id: State.QUEUED}


def test_offers_are_spread_by_load(inbox: Inbox, bob: Agent, carol: Agent) -> None:
    is_there(bob), is_there(carol)
    for n in range(4):
        waits(inbox, since_s=n)
    queue.rebuild()
    dispatch()
    assert [Offer.objects.filter(agent=agent).count() for agent in (bob, carol)] == [2, 2]


def test_nobody_offline_or_away_is_offered_anything(inbox: Inbox, bob: Agent, carol: Agent) -> None:
    is_there(carol)
    Agent.objects.filter(pk=carol.pk).update(availability=Availability.AWAY)
    waits(inbox)
    queue.rebuild()
    assert dispatch() == 0
    assert not Offer.objects.exists()


def test_one_that_must_wait_does_not_hold_up_those_behind(inbox: Inbox, bob: Agent) -> None:
    is_there(bob)
    payments = Team.objects.create(name="Payments")
    needy, plain = waits(inbox, 60, need_team=payments), waits(inbox, 10)
    queue.rebuild()
    assert dispatch() == 1
    assert states() == {needy.id: State.QUEUED, plain.id: State.OFFERED}
    bob.teams.add(payments)
    assert dispatch() == 1


def test_a_declined_offer_goes_to_the_next_agent_and_back_only_after_a_while(
    inbox: Inbox, bob: Agent, carol: Agent
) -> None:
    is_there(bob), is_there(carol)
    row = waits(inbox)
    queue.rebuild()
    for agent in (bob, carol):
        assert dispatch() == 1
        assert Offer.objects.get(outcome=None).agent == agent
        actions.decline(conversation_id=row.id, agent=agent)
    assert dispatch() == 0
    Event.objects.update(at=now() - timedelta(minutes=1))
    assert dispatch() == 1


def test_a_walk_costs_the_same_however_many_wait(
    inbox: Inbox, bob: Agent, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    is_there(bob)
    payments = Team.objects.create(name="Payments")
    for n in range(30):
        waits(inbox, since_s=n, need_team=payments)
    with django_assert_num_queries(4):
        assert dispatch() == 0


def test_nobody_stands_too_far_back_to_be_found(inbox: Inbox, bob: Agent) -> None:
    carol = make_agent("carol", capacity=1)
    actions.offer(conversation_id=waits(inbox).id, agent_id=carol.id, why="now she is full")
    is_there(bob), is_there(carol)
    for n in range(FIRST + PAGE + 1):
        waits(inbox, since_s=600 - n, passed_by=[bob.id])
    last = waits(inbox)
    assert dispatch() == 1
    assert states()[last.id] == State.OFFERED


def test_the_reason_is_kept_with_the_offer(inbox: Inbox, bob: Agent) -> None:
    is_there(bob)
    waits(inbox)
    queue.rebuild()
    dispatch()
    assert Offer.objects.get().why.startswith("the only one free (0 of 4), idle since")


def test_those_who_wait_hear_of_a_new_place_once(inbox: Inbox) -> None:
    link = redis().pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]  # redis-py has not typed it
    first, second = waits(inbox, 60), waits(inbox, 30)
    link.subscribe(f"u:{second.customer_id}")
    queue.rebuild()
    assert tell_places() == 2
    assert tell_places() == 0, "at most once a second"
    redis().delete(TURN)
    assert tell_places() == 0, "nothing has moved"
    actions.close_current(customer_id=first.customer_id)
    redis().delete(TURN)
    assert tell_places() == 1
    pushes = [push["data"] for _ in range(6) if (push := link.get_message(timeout=0.2))]
    assert ['"position":2' in push or '"position":1' in push for push in pushes] == [True, True]
    link.close()


def test_no_wait_is_told_while_nobody_is_there(inbox: Inbox, bob: Agent) -> None:
    row = waits(inbox)
    assert snapshots.for_customer(row.id).place == QueuePlace(position=1, wait_s=None), "counted"
    tell_places()
    assert snapshots.for_customer(row.id).place == QueuePlace(position=1, wait_s=None), "as told"
    is_there(bob)
    redis().delete(TURN)
    assert tell_places() == 1
    place = snapshots.for_customer(row.id).place
    assert place is not None
    assert place.wait_s is not None


def test_a_conversation_taken_meanwhile_is_skipped(inbox: Inbox, bob: Agent) -> None:
    is_there(bob)
    row = waits(inbox)
    queue.rebuild()
    actions.offer(conversation_id=row.id, agent_id=bob.id, why="first")
    assert dispatch() == 0
    assert Conversation.objects.get().state == State.OFFERED


def test_a_team_that_accepts_by_itself_has_it_at_once(inbox: Inbox, bob: Agent) -> None:
    bob.teams.add(Team.objects.create(name="Payments", accepts_by_itself=True))
    is_there(bob)
    row = waits(inbox)
    assert dispatch() == 1
    row.refresh_from_db()
    assert (row.state, row.agent_id) == (State.ASSIGNED, bob.id)
    assert Offer.objects.get().outcome == Offer.Outcome.ACCEPTED
    assert list(Event.objects.order_by("version").values_list("trigger", flat=True)) == ["offered", "accepted"]


def test_whoever_has_taken_a_shift_is_of_its_team_while_it_lasts(inbox: Inbox, bob: Agent) -> None:
    is_there(bob)
    team, moment = Team.objects.create(name="Payments"), now()
    waits(inbox, need_team=team)
    hour = timedelta(hours=1)
    shift = Shift.objects.create(team=team, starts_at=moment - 2 * hour, ends_at=moment - hour)
    shift.agents.add(bob)
    assert dispatch() == 0
    Shift.objects.update(ends_at=moment + hour)
    assert dispatch() == 1


def test_an_agent_never_has_more_units_than_he_can(inbox: Inbox, bob: Agent) -> None:
    Agent.objects.update(capacity=3)
    is_there(bob)
    hard, easy, small = waits(inbox, 60, units=2), waits(inbox, 50, units=2), waits(inbox, 40)
    assert dispatch() == 2
    assert states() == {hard.id: State.OFFERED, easy.id: State.QUEUED, small.id: State.OFFERED}
    assert actions.load_of(bob.id) == 3


def test_a_returning_customer_meets_the_same_agent(ana: Customer, bob: Agent, carol: Agent) -> None:
    held = assigned(ana, is_there(carol))
    actions.return_to_bot(conversation_id=held.id, agent=carol)
    is_there(bob)
    actions.hand_off(conversation_id=held.id, reason=Reason.POLICY, why="again")
    dispatch()
    made = Offer.objects.get(outcome=None)
    assert made.agent == carol
    assert made.why.startswith("had this customer last")


def test_a_level_is_asked_for(inbox: Inbox, bob: Agent, carol: Agent) -> None:
    for agent, level in ((bob, 2), (carol, 4)):
        agent.skills.add(Skill.objects.get_or_create(name="fraud")[0], through_defaults={"level": level})
        is_there(agent)
    waits(inbox, need_skills=["fraud:4"])
    dispatch()
    assert Offer.objects.get().agent == carol
