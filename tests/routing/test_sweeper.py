"""What happens by itself: every deadline, lost wake-ups, lost agents, a drifted queue, and Redis away or empty."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connections

from agents import actions as agent_actions
from agents import presence
from agents.models import Agent, Team
from chat import actions
from chat.lifecycle import State
from chat.models import Conversation, Customer, Inbox
from routing import errands, queue, wakeup
from routing.claim import claim
from routing.dispatch import dispatch
from routing.sweeper import LOCK_KEY, sweep
from supportdesk.clock import now
from supportdesk.redis import redis
from tests.cast import assigned, called_back, conversation_of, let_deadline_pass, offered, says
from tests.floor import flushed, is_there, waits

__all__ = ["flushed"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("flushed")]


def presence_is_settled() -> None:
    presence.is_settled()
    redis().set(presence.WATCHED_SINCE, now().timestamp() - 60)


def test_a_silent_bot_hands_over(ana: Customer) -> None:
    says(ana, "my lamp is broken", "ana-000001")
    let_deadline_pass(conversation_of(ana))
    assert sweep()["bot_silent"] == 1
    assert conversation_of(ana).state == State.QUEUED
    assert queue.head(1) == [conversation_of(ana).id]


def test_an_offer_not_accepted_in_time_goes_back(ana: Customer, bob: Agent) -> None:
    row = offered(ana, is_there(bob))
    let_deadline_pass(row)
    assert sweep()["offer_expired"] == 1
    assert conversation_of(ana).passed_by == [bob.id]


def test_a_customer_is_promised_a_callback_only_when_surely_nobody_is_there(ana: Customer, inbox: Inbox) -> None:
    row = waits(inbox)
    let_deadline_pass(row)
    assert sweep()["postponed"] == 1, "an empty presence that nobody has watched yet says nothing"
    row.refresh_from_db()
    assert (row.state, row.deadline is not None and row.deadline > now()) == (State.QUEUED, True)
    presence_is_settled()
    let_deadline_pass(row)
    assert sweep()["promised"] == 1
    row.refresh_from_db()
    assert row.state == State.CALLBACK


def test_who_waits_on_is_told_so_while_somebody_is_there(inbox: Inbox, bob: Agent) -> None:
    is_there(bob)
    row = waits(inbox)
    let_deadline_pass(row)
    assert sweep()["still_waiting"] == 1


def test_an_agent_offline_past_grace_loses_chats_and_offers(
    ana: Customer, dan: Customer, bob: Agent, settings: LazySettings
) -> None:
    assigned(ana, is_there(bob))
    offered_row = waits(ana.inbox)
    actions.offer(conversation_id=offered_row.id, agent_id=bob.id, why="x")
    place = conversation_of(ana).waiting_since
    presence.gone(bob.id, "a-tab")
    assert "agent_lost" not in sweep()
    redis().set(f"presence:absent:{bob.id}", now().timestamp() - settings.AGENT_GRACE_S - 1)
    assert sweep()["agent_lost"] == 2
    assert set(Conversation.objects.values_list("state", flat=True)) == {State.QUEUED}
    assert conversation_of(ana).waiting_since == place


def test_a_lost_wake_up_is_sent_again_but_one_at_a_time(ana: Customer) -> None:
    says(ana, "hello", "ana-000001")
    Conversation.objects.update(to_route_since=now() - timedelta(seconds=2))
    redis().flushdb()
    for _ in range(3):
        assert sweep()["routing_woken"] == 1
    assert redis().llen(wakeup.QUEUE) == 1


def test_a_turn_that_is_being_thought_about_wakes_nobody_until_its_claim_runs_out(ana: Customer) -> None:
    says(ana, "hello", "ana-000001")
    Conversation.objects.update(to_route_since=now() - timedelta(seconds=2))
    claim()
    assert "routing_woken" not in sweep()
    Conversation.objects.update(routing_until=now() - timedelta(milliseconds=1))
    assert sweep()["routing_woken"] == 1


def test_a_flushed_redis_gets_its_queue_back(inbox: Inbox) -> None:
    row = waits(inbox)
    redis().flushdb()
    assert sweep()["queue_repaired"] == 1
    assert queue.head(1) == [row.id]


def test_deadlines_are_kept_with_redis_away_and_nothing_is_promised_blindly(
    ana: Customer, inbox: Inbox, bob: Agent, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, waiting = offered(ana, bob), waits(inbox)
    let_deadline_pass(row)
    let_deadline_pass(waiting)
    monkeypatch.setattr(errands, "_resting_until", float("inf"))
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    done = sweep()
    assert (done["offer_expired"], done["postponed"]) == (1, 1)
    waiting.refresh_from_db()
    assert waiting.state == State.QUEUED


def test_one_that_fails_does_not_stop_the_others(inbox: Inbox, ana: Customer, bob: Agent) -> None:
    row = offered(ana, is_there(bob))
    let_deadline_pass(row)
    redis().set(queue.QUEUE, "not a sorted set")
    assert sweep()["offer_expired"] == 1


def test_a_sweep_beside_another_leaves_it_to_that_one(ana: Customer, bob: Agent) -> None:
    let_deadline_pass(offered(ana, is_there(bob)))
    other = connections["default"].copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])
        assert sweep() == {}
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_KEY])  # closing alone lets go a little later
    other.close()
    assert sweep()["offer_expired"] == 1


def test_what_is_offered_to_an_agent_who_goes_away_passes_on_at_once(ana: Customer, bob: Agent) -> None:
    offered(ana, is_there(bob))
    agent_actions.set_availability(agent_id=bob.id, availability="away", reason="lunch")
    assert conversation_of(ana).state == State.QUEUED


class TestWhoSuits:
    """A callback waits for those by whom it would be served, not for whoever happens to be online."""

    def promised(self, ana: Customer, **need: object) -> Conversation:
        row = called_back(ana)
        Conversation.objects.filter(pk=row.pk).update(**need)
        return row

    def looked_at(self, row: Conversation) -> dict[str, int]:
        presence_is_settled()
        let_deadline_pass(row)
        return sweep()

    def test_a_team_of_whom_nobody_is_there_is_waited_for(self, ana: Customer, bob: Agent) -> None:
        payments = Team.objects.create(name="Payments")
        row = self.promised(ana, need_team=payments)
        is_there(bob)
        assert self.looked_at(row)["callback_waits"] == 1
        bob.teams.add(payments)
        assert self.looked_at(row)["callback_due"] == 1

    def test_its_fallback_will_do(self, ana: Customer, bob: Agent) -> None:
        second = Team.objects.create(name="Second line")
        row = self.promised(ana, need_team=Team.objects.create(name="Payments", fallback=second))
        is_there(bob).teams.add(second)
        assert self.looked_at(row)["callback_due"] == 1

    def test_anybody_will_do_before_the_date_is_broken(self, ana: Customer, inbox: Inbox, bob: Agent) -> None:
        soon = now() + timedelta(seconds=2 * inbox.queue_s - 5)
        row = self.promised(ana, need_team=Team.objects.create(name="Payments"), callback_due=soon)
        is_there(bob)
        assert self.looked_at(row)["callback_due"] == 1

    def test_a_skill_is_waited_for_no_longer_than_in_the_queue(self, ana: Customer, bob: Agent) -> None:
        row = self.promised(ana, need_skills=["fraud:4"])
        is_there(bob)
        assert self.looked_at(row)["callback_due"] == 1

    def test_whoever_comes_brings_back_only_whom_he_suits(self, ana: Customer, dan: Customer, bob: Agent) -> None:
        theirs = self.promised(ana, need_team=Team.objects.create(name="Payments"))
        anybodys = self.promised(dan)
        is_there(bob)
        assert dispatch() == 1
        assert [Conversation.objects.get(pk=row.pk).state for row in (theirs, anybodys)] == [
            State.CALLBACK, State.OFFERED,
        ]  # fmt: skip
