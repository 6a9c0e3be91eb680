"""What is published together leaves together: after the block, in order, whatever the block or Redis does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import uuid4

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as Unreachable

from chat import fanout
from chat.fanout import Hub
from supportdesk.redis import redis


@pytest.fixture
def channel() -> str:
    return f"test:{uuid4()}"


@pytest.fixture
def heard(channel: str) -> Iterator[Any]:
    with closing(redis().pubsub(ignore_subscribe_messages=True)) as listening:  # type: ignore[no-untyped-call]  # as redis-py ships it
        listening.subscribe(channel)
        listening.get_message(timeout=5)  # the confirmation, ignored
        yield listening


def texts(heard: Any) -> list[str]:
    """What has arrived before a mark that this publishes itself: nothing later can be missed, nothing is waited for."""
    mark = uuid4().hex
    for channel in heard.channels:
        redis().publish(channel, mark)
    found: list[str] = []
    while not found or found[-1] != mark:
        message = heard.get_message(timeout=5)
        assert message is not None, "the mark was not heard"
        found.append(message["data"] if isinstance(message["data"], str) else message["data"].decode())
    return found[:-1]


def typing(n: int) -> str:
    return fanout.NO_HUB + fanout.frame("typing", {"n": n})


def test_nothing_leaves_before_the_end_and_then_all_in_order(channel: str, heard: Any) -> None:
    with fanout.together():
        for n in range(50):
            fanout.publish(channel, "typing", {"n": n})
        assert texts(heard) == []
    assert texts(heard) == [typing(n) for n in range(50)]


def test_after_the_block_a_push_leaves_at_once_again(channel: str, heard: Any) -> None:
    with fanout.together():
        pass
    fanout.publish(channel, "typing", {"n": 1})
    assert texts(heard) == [typing(1)]


def test_what_was_committed_before_a_failure_is_still_told(channel: str, heard: Any) -> None:
    def commits_and_fails() -> None:
        with fanout.together():
            fanout.publish(channel, "typing", {"n": 1})
            raise LookupError

    with pytest.raises(LookupError):
        commits_and_fails()
    assert texts(heard) == [typing(1)]


def test_without_redis_the_work_stands_and_the_miss_is_logged(
    channel: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: object) -> Redis:
        raise Unreachable

    monkeypatch.setattr("supportdesk.redis.redis", away)
    with fanout.together():
        fanout.publish(channel, "typing", {"n": 1})
    assert "was not published" in caplog.text
    assert '"n"' not in caplog.text


class Ear:
    """A listener of a hub."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.resyncs = 0
        self.grew = asyncio.Event()

    def deliver(self, text: str) -> None:
        self.heard.append(text)
        self.grew.set()

    def resync(self) -> None:
        self.resyncs += 1
        self.grew.set()

    async def hears(self, *texts: str) -> None:
        async with asyncio.timeout(10):
            while self.heard != list(texts):
                self.grew.clear()
                await self.grew.wait()


async def subscribed(channel: str, hubs: int) -> None:
    async with asyncio.timeout(10):
        while redis().pubsub_numsub(channel)[0][1] < hubs:  # noqa: ASYNC110  # Redis has no event for it
            await asyncio.sleep(0.01)


async def test_a_push_reaches_every_process_once_and_its_own_without_an_echo(channel: str) -> None:
    one, two, here, there = Hub(), Hub(), Ear(), Ear()
    await one.join(channel, here)
    await two.join(channel, there)
    await subscribed(channel, 2)
    for n in range(3):
        one.publish(channel, f"{n}")
    two.publish(channel, "3")  # heard by one after the echoes of its own: had they been told, they would be there
    await there.hears("3", "0", "1", "2")
    await here.hears("0", "1", "2", "3")
    await one.close()
    await two.close()


async def test_sockets_of_the_same_process_hear_each_other_while_redis_is_away(
    channel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away() -> Any:
        raise Unreachable

    monkeypatch.setattr("supportdesk.redis_link.raw_connection", away)
    hub, here = Hub(), Ear()
    await hub.join(channel, here)
    hub.publish(channel, "hello")
    await here.hears("hello")
    await hub.close()


async def test_who_joined_before_the_first_link_is_told_to_resync(channel: str) -> None:
    hub, early, late = Hub(), Ear(), Ear()
    await hub.join(channel, early)
    async with asyncio.timeout(10):
        while not early.resyncs:
            early.grew.clear()
            await early.grew.wait()
    await hub.join(channel, late)
    assert (early.resyncs, late.resyncs) == (1, 0)
    await hub.close()


async def test_a_push_from_a_thread_is_delivered_on_the_loop(channel: str) -> None:
    hub, here = Hub(), Ear()
    await hub.join(channel, here)
    await asyncio.to_thread(hub.publish, channel, "hello")
    await here.hears("hello")
    await hub.close()


async def test_a_socket_that_fails_keeps_no_push_from_the_others(
    channel: str, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Ear):
        def deliver(self, text: str) -> None:
            raise LookupError

    hub, ears = Hub(), [Ear(), Broken(), Ear()]
    for ear in ears:
        await hub.join(channel, ear)
    hub.publish(channel, "one")
    hub.publish(channel, "two")
    for ear in (ears[0], ears[2]):
        await ear.hears("one", "two")
    assert "failed to take a push" in caplog.text
    await hub.close()


async def test_an_answer_comes_before_its_push_whatever_was_published_in_the_same_turn(channel: str) -> None:
    hub, ear, loop = Hub(), Ear(), asyncio.get_running_loop()
    await hub.join(channel, ear)
    answer = loop.create_future()
    answered: list[int] = []
    answer.add_done_callback(lambda _: answered.append(len(ear.heard)))
    hub.publish(channel, "of another")
    answer.set_result(None)
    hub.publish(channel, "its push")
    await ear.hears("of another", "its push")
    assert answered == [1]
    await hub.close()


async def test_who_leaves_while_a_push_is_on_its_way_is_not_told(channel: str) -> None:
    hub, stays, leaves = Hub(), Ear(), Ear()
    await hub.join(channel, stays)
    await hub.join(channel, leaves)
    hub.publish(channel, "hello")
    hub.leave(channel, leaves)
    await stays.hears("hello")
    assert leaves.heard == []
    await hub.close()
