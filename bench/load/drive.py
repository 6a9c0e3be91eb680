"""The two ways to drive traffic. Closed loop: each pair sends its next message when the last one is acknowledged and
delivered. Open loop: messages leave at a given rate, whatever became of those before."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from time import perf_counter
from typing import Any

from bench.load.traffic import Traffic
from bench.rows import rank

SETTLE_S, LOOK_S = 10.0, 0.02
Figures = dict[str, Any]


class Drive:
    def __init__(self, traffic: Traffic, pairs: int) -> None:
        self.traffic, self.pairs = traffic, pairs

    async def closed(self, seconds: float, warm_up: float, window: int = 1) -> Figures:
        """`window` messages of each pair are under way; counted is what arrives after the warm-up."""
        traffic = self.traffic
        is_over = False

        def finished(pair: int) -> None:
            if not is_over:
                traffic.send(pair)

        traffic.begin(traffic.customers, traffic.agents, finished)
        for pair in range(self.pairs):
            for _ in range(window):
                traffic.send(pair)
        await asyncio.sleep(warm_up)
        since = perf_counter()
        await asyncio.sleep(seconds)
        until, is_over = perf_counter(), True
        await self._settle()
        return self._figures(since, until)

    async def open(self, rate: float, seconds: float) -> Figures:
        """Message k leaves at k / rate seconds from the customer whose turn it is."""
        traffic = self.traffic
        traffic.begin(traffic.customers, traffic.agents)
        since = perf_counter()
        sent = 0
        while (passed := perf_counter() - since) < seconds:
            while sent < passed * rate:
                traffic.send(sent % self.pairs)
                sent += 1
            await asyncio.sleep(max(0.0, sent / rate - passed))
        until = perf_counter()
        await self._settle()
        return self._figures(since, until + SETTLE_S) | {"seconds": seconds}

    async def _settle(self) -> None:
        end = perf_counter() + SETTLE_S
        while (self.traffic.unacked or self.traffic.undelivered) and perf_counter() < end:  # noqa: ASYNC110  # an event would cost each message
            await asyncio.sleep(LOOK_S)

    def _figures(self, since: float, until: float) -> Figures:
        traffic = self.traffic
        acks = sorted(took * 1000 for at, took in traffic.ack_times if since <= at < until)
        deliveries = sorted(took * 1000 for at, took in traffic.delivery_times if since <= at < until)
        return {
            "seconds": until - since,
            "sent": traffic.sent,
            "acked": len(acks),
            "delivered": len(deliveries),
            "unacked": len(traffic.unacked),
            "undelivered": len(traffic.undelivered),
            "refused": traffic.refused,
            "doubled": traffic.doubled,
            "problems": traffic.problems,
            "hang_ups": traffic.hang_ups,
            "ack_ms": percentiles(acks),
            "delivery_ms": percentiles(deliveries),
        }


def percentiles(ordered: Sequence[float]) -> Figures:
    return {name: round(rank(ordered, share), 3) for name, share in SHARES.items()} if ordered else {}


SHARES = {"p50": 0.50, "p90": 0.90, "p99": 0.99, "max": 1.0}
