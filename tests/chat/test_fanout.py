"""What is published together leaves together: after the block, in order, whatever the block or Redis does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import uuid4

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as Unreachable

from chat import fanout
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
    return fanout.frame("typing", {"n": n})


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
