"""How many had a person in time: from what was stored when they asked, honest about those who still wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from time_machine import Traveller

from agents.models import Agent, Role
from chat import actions, reach
from chat.actions.reaching import JUDGED_LEAST
from chat.facts import Actor, ReachFell
from chat.models import Conversation, Customer, Event, HandoffPacket, Inbox
from chat.promises import Promise
from routing.sweeper import sweep
from supportdesk import bus
from tests.api import speakers
from tests.cast import let_deadline_pass, queued

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Traveller]:
    with time_machine.travel(MONDAY, tick=False) as running:
        yield running


def passes(clock: Traveller, seconds: float) -> None:
    clock.shift(timedelta(seconds=seconds))


def asks(inbox: Inbox) -> Conversation:
    return queued(Customer.objects.create(inbox=inbox))


def taken(conversation: Conversation, agent: Agent) -> None:
    actions.offer(conversation_id=conversation.id, agent_id=agent.id, why="x")
    actions.accept(conversation_id=conversation.id, agent=agent)
    actions.close(conversation_id=conversation.id, actor=Actor("agent", str(agent.id)), agent=agent)


def leaves(conversation: Conversation) -> None:
    actions.close_current(customer_id=conversation.customer_id)


def test_the_share_is_of_those_who_can_be_judged(inbox: Inbox, bob: Agent, clock: Traveller) -> None:
    prompt, late, impatient, patient = (asks(inbox) for _ in range(4))
    passes(clock, 100)
    taken(prompt, bob)
    leaves(impatient)
    one = reach.today(inbox)
    assert (one.asked, one.met, one.missed, one.left, one.waiting) == (4, 1, 0, 1, 2), "two may still be in time"
    passes(clock, 100)
    one = reach.today(inbox)
    assert (one.met, one.missed, one.waiting) == (1, 2, 2), "who waits past the target is missed already"
    taken(late, bob)
    leaves(patient)
    one = reach.today(inbox)
    assert (one.met, one.missed, one.left, one.waiting, one.share()) == (1, 2, 1, 0, 1 / 3)
    assert (one.median_s, one.p95_s) == (100, 200)


def test_waits_of_those_who_still_wait_count_as_long_as_they_are(inbox: Inbox, bob: Agent, clock: Traveller) -> None:
    first, _ = asks(inbox), asks(inbox)
    passes(clock, 10)
    taken(first, bob)
    passes(clock, 3_000)
    assert reach.today(inbox).p95_s == 3_010


def test_what_was_measured_is_not_changed_by_what_changes_later(inbox: Inbox, bob: Agent, clock: Traveller) -> None:
    one = asks(inbox)
    passes(clock, 100)
    taken(one, bob)
    before = reach.today(inbox)
    Inbox.objects.update(queue_s=20, reach_percent=50, hours={"mon": [["01:00", "02:00"]]})
    HandoffPacket.objects.update(score="needless")
    actions.rate(customer_id=one.customer_id, score=1)
    inbox.refresh_from_db()
    assert reach.today(inbox) == before
    assert (before.target_s, before.target_percent) == (180, 95)


def test_asked_outside_the_hours_is_the_promises_matter(inbox: Inbox, clock: Traveller) -> None:
    Inbox.objects.update(hours={"tue": [["09:00", "17:00"]]})
    conversation = asks(inbox)
    inbox.refresh_from_db()
    assert conversation.callback_due == datetime(2026, 3, 3, 10, tzinfo=UTC)
    clock.move_to(datetime(2026, 3, 3, 9, 5, tzinfo=UTC))
    actions.request_human(customer_id=conversation.customer_id)
    (tuesday,) = reach.measured(inbox, "day", date(2026, 3, 2))
    assert (tuesday.begins, tuesday.asked, tuesday.open) == (date(2026, 3, 3), 0, 1), "he has a date already"
    passes(clock, 3_600)
    (tuesday,) = reach.measured(inbox, "day", date(2026, 3, 2))
    assert (tuesday.open, tuesday.broken) == (0, 1), "past due is broken, before the sweeper has written it down"
    actions.break_promises()
    assert reach.measured(inbox, "day", date(2026, 3, 2)) == [tuesday]


def test_dates_are_counted_by_who_wanted_them(inbox: Inbox, clock: Traveller) -> None:
    chooser, waiter = asks(inbox), asks(inbox)
    actions.take_callback(customer_id=chooser.customer_id)
    passes(clock, 200)
    let_deadline_pass(waiter)
    actions.act_on_deadline(conversation_id=waiter.id, someone_suits=False)
    one = reach.today(inbox)
    assert (one.chose_date, one.given_date, one.missed, one.waiting) == (1, 1, 2, 0)


def test_days_are_the_inboxs_and_weeks_begin_on_monday(inbox: Inbox, bob: Agent, clock: Traveller) -> None:
    Inbox.objects.update(hours={"tz": "Asia/Tokyo"})
    inbox.refresh_from_db()
    clock.move_to(datetime(2026, 3, 1, 14, 59, tzinfo=UTC))
    taken(asks(inbox), bob)
    passes(clock, 120)
    taken(asks(inbox), bob)
    days = reach.measured(inbox, "day", date(2026, 2, 1))
    assert [(one.begins, one.asked) for one in days] == [(date(2026, 3, 1), 1), (date(2026, 3, 2), 1)]
    weeks = reach.measured(inbox, "week", date(2026, 2, 1))
    assert [(one.begins, one.asked) for one in weeks] == [(date(2026, 2, 23), 1), (date(2026, 3, 2), 1)]


def test_asking_again_after_the_bot_was_back_is_asking_anew(inbox: Inbox, bob: Agent) -> None:
    one = asks(inbox)
    actions.offer(conversation_id=one.id, agent_id=bob.id, why="x")
    actions.accept(conversation_id=one.id, agent=bob)
    actions.return_to_bot(conversation_id=one.id, agent=bob)
    actions.request_human(customer_id=one.customer_id)
    found = reach.today(inbox)
    assert (found.asked, found.met, found.waiting) == (2, 1, 1)


class TestAlert:
    @pytest.fixture
    def told(self, monkeypatch: pytest.MonkeyPatch) -> list[object]:
        heard: list[object] = []
        monkeypatch.setattr(bus, "emit", heard.append)
        return heard

    def fell(self, told: list[object]) -> list[ReachFell]:
        return [fact for fact in told if isinstance(fact, ReachFell)]

    def test_supervisors_hear_once_a_day_that_too_few_were_reached(
        self, inbox: Inbox, bob: Agent, clock: Traveller, told: list[object]
    ) -> None:
        several = [asks(inbox) for _ in range(JUDGED_LEAST)]
        for each in several[2:]:
            taken(each, bob)
        assert actions.alert_reach() == 0, "two may still be in time"
        passes(clock, 181)
        assert actions.alert_reach() == 1
        assert self.fell(told) == [ReachFell(inbox.pk, JUDGED_LEAST - 2, JUDGED_LEAST, 180, 95)]
        assert actions.alert_reach() == 0
        clock.shift(timedelta(days=1))
        for _ in range(JUDGED_LEAST):
            asks(inbox)
        passes(clock, 181)
        assert actions.alert_reach() == 1

    def test_few_customers_and_a_kept_target_are_no_alarm(
        self, inbox: Inbox, bob: Agent, clock: Traveller, told: list[object]
    ) -> None:
        late = [asks(inbox) for _ in range(JUDGED_LEAST - 1)]
        passes(clock, 181)
        assert actions.alert_reach() == 0
        taken(asks(inbox), bob)
        for each in late[1:]:
            Conversation.objects.filter(pk=each.pk).delete()
        for _ in range(18):
            taken(asks(inbox), bob)
        assert reach.today(inbox).share() == 0.95
        assert actions.alert_reach() == 0, "that is the target, not below it"


def test_the_sweeper_looks_once_a_minute(inbox: Inbox, clock: Traveller, flushed: None) -> None:
    for _ in range(JUDGED_LEAST):
        asks(inbox)
    passes(clock, 181)
    assert sweep()["reach_fell"] == 1


class TestRest:
    def test_supervisors_read_it_by_inbox_and_day(
        self, inbox: Inbox, bob: Agent, carol: Agent, clock: Traveller
    ) -> None:
        Agent.objects.filter(pk=carol.pk).update(role=Role.SUPERVISOR)
        taken(asks(inbox), bob)
        supervisor = speakers.agent(carol)
        (found,) = supervisor.get("reach/", inbox_id=inbox.pk, days=7)["items"]
        assert (found["target_s"], found["target_percent"], found["since"], found["until"]) == (
            180, 95, "2026-02-24", "2026-03-02",
        )  # fmt: skip
        assert found["periods"][0]["share"] == 1.0
        weekly = supervisor.get("reach/", length="week")["items"][0]
        assert [one["begins"] for one in weekly["periods"]] == ["2026-03-02"]

    def test_they_set_the_target_of_what_is_asked_from_then_on(self, inbox: Inbox, carol: Agent) -> None:
        Agent.objects.filter(pk=carol.pk).update(role=Role.SUPERVISOR)
        supervisor = speakers.agent(carol)
        asks(inbox)
        changed = supervisor.does(f"inboxes/{inbox.pk}/", {"queue_s": 60, "reach_percent": 90}, "PATCH")
        assert (changed["queue_s"], changed["reach_percent"]) == (60, 90)
        asks(Inbox.objects.get())
        assert list(HandoffPacket.objects.order_by("id").values_list("target_s", "target_percent")) == [
            (180, 95), (60, 90),
        ]  # fmt: skip
        for body in ({"queue_s": 0}, {"reach_percent": 101}, {"reach_percent": "all"}, {"name": "x"}):
            assert supervisor.is_refused(f"inboxes/{inbox.pk}/", body, "PATCH")[0] == 400, body
        assert supervisor.is_refused("inboxes/999999/", {"queue_s": 60}, "PATCH") == (404, "not_found")

    def test_agents_do_not_and_nonsense_is_refused(self, inbox: Inbox, bob: Agent, carol: Agent) -> None:
        one = speakers.agent(bob)
        assert one.says("GET", "reach/")[0] == 403
        assert one.is_refused(f"inboxes/{inbox.pk}/", {"queue_s": 60}, "PATCH") == (403, "forbidden")
        Agent.objects.filter(pk=carol.pk).update(role=Role.SUPERVISOR)
        supervisor = speakers.agent(carol)
        for query in ({"length": "year"}, {"days": 0}, {"days": 401}, {"inbox_id": "x"}):
            assert supervisor.says("GET", "reach/", **query)[0] == 400, query
        assert supervisor.get("reach/", inbox_id=999)["items"] == []


def test_every_row_it_reads_is_written_once(inbox: Inbox, bob: Agent) -> None:
    """What a packet and its event say of the asking is the same after all that may follow."""
    one = asks(inbox)
    packet = HandoffPacket.objects.values("version", "target_s", "target_percent", "requested_at").get()
    event = Event.objects.values().get(conversation=one, version=packet["version"] or 0)
    assert event["trigger"] == "handoff_requested"
    taken(one, bob)
    assert HandoffPacket.objects.values("version", "target_s", "target_percent", "requested_at").get() == packet
    assert Event.objects.values().get(conversation=one, version=packet["version"] or 0) == event
    assert not Promise.objects.exists()
