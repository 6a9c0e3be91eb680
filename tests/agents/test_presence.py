"""Who is online: sockets expire, absence is counted only while it is watched, a flushed Redis loses nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import LazySettings

from agents import presence
from supportdesk.redis import redis

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _flushed() -> Iterator[None]:
    redis().flushdb()
    yield
    redis().flushdb()


@pytest.fixture
def clock(settings: LazySettings) -> Iterator[time_machine.Traveller]:
    settings.PRESENCE_TTL_S, settings.AGENT_GRACE_S = 15, 20
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_an_agent_is_online_while_any_of_his_sockets_is_heard(clock: time_machine.Traveller) -> None:
    presence.heard_many([(1, "tab-a"), (1, "tab-b"), (2, "tab-c")])
    assert presence.online_ids() == {1, 2}
    presence.gone(1, "tab-a")
    assert presence.is_online(1)
    presence.gone(1, "tab-b")
    assert presence.online_ids() == {2}


def test_silence_is_absence_without_any_disconnect(clock: time_machine.Traveller) -> None:
    presence.heard(1, "tab-a")
    clock.shift(timedelta(seconds=14))
    assert presence.is_online(1)
    clock.shift(timedelta(seconds=2))
    assert not presence.is_online(1)


def test_an_agent_is_lost_only_past_the_grace_and_never_while_heard(clock: time_machine.Traveller) -> None:
    presence.heard(2, "tab-c")
    for _ in range(20):
        assert presence.lost_ids([1, 2]) == set()
        clock.shift(timedelta(seconds=1))
        presence.heard(2, "tab-c")
    clock.shift(timedelta(seconds=1))
    assert presence.lost_ids([1, 2]) == {1}
    presence.heard(1, "tab-a")
    assert presence.lost_ids([1, 2]) == set()


def test_coming_back_for_a_moment_starts_the_grace_anew(clock: time_machine.Traveller) -> None:
    presence.lost_ids([1])
    clock.shift(timedelta(seconds=15))
    presence.heard(1, "tab-a")
    presence.gone(1, "tab-a")
    clock.shift(timedelta(seconds=10))
    assert presence.lost_ids([1]) == set()


def test_a_flushed_redis_starts_the_grace_anew(clock: time_machine.Traveller) -> None:
    presence.lost_ids([1])
    clock.shift(timedelta(seconds=25))
    redis().flushdb()
    assert presence.lost_ids([1]) == set()


def test_an_absence_nobody_watched_expires() -> None:
    presence.lost_ids([1])
    assert 0 < redis().ttl("presence:absent:1") <= presence.ABSENCE_WATCHED_S


def test_an_empty_presence_is_believed_only_after_everyone_could_report(clock: time_machine.Traveller) -> None:
    assert not presence.is_settled()
    clock.shift(timedelta(seconds=presence.REPORT_EVERY_S + 1))
    assert presence.is_settled()
    redis().flushdb()
    assert not presence.is_settled()


def test_a_customer_who_reloads_the_page_stays_online(clock: time_machine.Traveller) -> None:
    presence.report([], [("ana", "page-1"), ("dan", "page-2")])
    presence.customer_gone("ana", "page-1")
    assert presence.online_customers(["ana", "dan", "eve"]) == {"ana", "dan"}
    clock.shift(timedelta(seconds=presence.REPORT_EVERY_S + 2))
    assert presence.online_customers(["ana", "dan", "eve"]) == {"dan"}
    presence.customer_heard("ana", "page-3")
    assert presence.is_customer_online("ana")
