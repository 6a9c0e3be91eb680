"""The desk on a Redis Cluster: keys live on several nodes, and pushes reach every process."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.cache import cache
from pytest_django import Settings

from agents import presence
from chat.fanout import Hub
from routing import queue
from supportdesk import limits
from supportdesk.health import can_reach_redis
from supportdesk.limits import Rate, count, give_back
from supportdesk.redis import redis
from tests.redis_kinds.hearing import Ear


@pytest.fixture(autouse=True)
def _on_cluster(cluster: str, settings: Settings) -> None:
    settings.REDIS_URL = cluster


def test_presence_of_many_agents_and_customers() -> None:
    presence.heard_many([(number, f"socket-{number}") for number in range(20)])
    assert presence.online_ids() == set(range(20))
    assert presence.lost_ids([5, 99]) == set()
    presence.gone(5, "socket-5")
    assert presence.online_ids() == set(range(20)) - {5}
    customers = [uuid4() for _ in range(20)]
    presence.customers_heard(customers)
    assert presence.online_customers(customers) == {str(one) for one in customers}
    assert not presence.is_settled()
    assert presence.show(3)
    assert not presence.show(3)


@pytest.mark.django_db
def test_the_queue_is_kept_and_rebuilt() -> None:
    redis().zadd(queue.QUEUE, {str(uuid4()): 1})
    assert len(queue.head(10)) == 1
    assert queue.repair() == 1
    assert queue.rebuild() == 0


def test_rates_are_counted_in_the_cluster_and_not_by_this_process_alone() -> None:
    cache.clear()
    rate = Rate(2)
    assert [count("try", "ana", rate) > 0 for _ in range(3)] == [False, False, True]
    give_back("try", "ana", rate)
    assert redis().get(limits._key("try", "ana", rate)) == "2"


async def test_a_push_reaches_hubs_on_other_nodes() -> None:
    """Each hub's links go to a node taken at random: twelve hubs are on all three but once in a hundred runs."""
    hubs, ears = [Hub() for _ in range(6)], [Ear() for _ in range(6)]
    try:
        for hub, ear in zip(hubs, ears, strict=True):
            await hub.join("c:1", ear)
        for speaker in hubs:
            for ear in ears:
                ear.heard.clear()
            for ear in ears:
                await ear.hears("hello", speaker, "c:1")
    finally:
        for hub in hubs:
            await hub.close()


def test_it_is_ready_and_says_so() -> None:
    assert can_reach_redis()


def test_a_cluster_that_is_away_is_an_error_like_any_other(settings: Settings) -> None:
    settings.REDIS_URL = "redis+cluster://127.0.0.1:1,127.0.0.1:2"
    assert not can_reach_redis()
    assert count("try", "bob", Rate(1)) == 0  # counted by this process alone
