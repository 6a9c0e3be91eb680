"""What a web process tells of itself, and to whom."""

from __future__ import annotations

import asyncio

import pytest
from django.test import Client

from chat.sockets.lag import NAP_S, Lag


async def test_lag_is_what_a_blocked_loop_owes() -> None:
    lag = Lag()
    await asyncio.sleep(0)  # its first nap begins
    loop = asyncio.get_running_loop()
    until = loop.time() + 3 * NAP_S
    while loop.time() < until:
        pass  # the loop is kept from everybody
    await asyncio.sleep(NAP_S)
    assert lag.quantiles(1.0)[0] > NAP_S


def test_lag_is_none_before_the_first_nap() -> None:
    async def fresh() -> list[float]:
        return Lag().quantiles(0.5, 0.99)

    assert asyncio.run(fresh()) == [0.0, 0.0]


@pytest.mark.django_db
def test_metrics_are_for_those_beside_the_process() -> None:
    answer = Client().get("/metrics")
    assert answer.status_code == 200
    assert 'supportdesk_event_loop_lag_seconds{quantile="0.99"}' in answer.content.decode()
    assert 'supportdesk_sockets{kind="customer"}' in answer.content.decode()
    assert Client().get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
