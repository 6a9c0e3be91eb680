"""The desk on a Redis whose master Sentinels name and replace."""

from __future__ import annotations

import asyncio

import pytest
from celery import Celery
from pytest_django import Settings
from redis.exceptions import RedisError

from agents import presence
from chat.fanout import Hub
from supportdesk.broker import broker
from supportdesk.health import can_reach_redis
from tests.redis_kinds.hearing import Ear
from tests.redis_kinds.rig import Guarded, until

pytestmark = [pytest.mark.fault]


async def test_a_master_that_dies_is_replaced_and_the_desk_goes_on(sentinels: Guarded, settings: Settings) -> None:
    settings.REDIS_URL = sentinels.url
    presence.heard(1, "socket")
    assert presence.is_online(1)
    here, there, ear = Hub(), Hub(), Ear()
    try:
        await here.join("c:1", ear)
        await ear.hears("before", there, "c:1")
        old = sentinels.address()
        await asyncio.to_thread(sentinels.master.kill)
        await ear.hears("after", there, "c:1")
        assert sentinels.address() != old
        assert ear.resyncs > 0  # the client asks for what it missed
        await asyncio.to_thread(until, reports, "presence does not come back")
        assert can_reach_redis()
    finally:
        await here.close()
        await there.close()


def reports() -> bool:
    try:
        presence.heard(1, "socket")
    except RedisError:
        return False
    return presence.is_online(1)


def test_celery_sends_to_the_master_of_the_moment(sentinels: Guarded) -> None:
    found = broker(sentinels.url)
    app = Celery("errand", broker=found.url, broker_transport_options=found.options)
    app.send_task("routing.tasks.route", args=["1"], queue="routing")
    with app.connection_for_read() as link:
        message = link.SimpleQueue("routing").get(timeout=5)
    assert message.headers["task"] == "routing.tasks.route"
