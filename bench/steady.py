"""End-to-end latencies at a steady rate: post -> ok and -> the agent's socket, and post -> what the bot made of it.

Open loop: message k leaves at k / rate seconds, whatever became of those before; latency counts from its sending.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

from asgiref.sync import sync_to_async

from bench.people import Arrivals, LoadAgent, LoadCustomer
from bench.rows import Row, row
from supportdesk.rehearsal.cast import CAPACITY, default_site_key, dismiss, hire

CUSTOMERS = 48
RATES = (50, 100, 200)
BOT_RATES = (10, 25, 50)
SECONDS = 10.0
RUNS = 3
SETTLE_S, SETTLE_LOOK_S = 5.0, 0.1
ASSIGNED_WITHIN_S = 60.0
QUESTIONS = ("How long does delivery take?", "How many days do I have to return something?", "Do you sell gift cards?")
MESSAGE = "My order number is 104882 and the parcel has not arrived yet. "

Tell = Callable[[str], None]
Run = tuple[float, list[float]]


def run(url: str, report: Tell) -> list[Row]:
    """Rows a rate: messages that arrived per second, and how long they took; the median of RUNS runs."""
    return asyncio.run(_run(url, report))


async def _run(url: str, report: Tell) -> list[Row]:
    site_key = await sync_to_async(default_site_key)(None)
    hired = await sync_to_async(hire)(CUSTOMERS // CAPACITY + 1)
    try:
        rows = await _with_agents(url, site_key, [LoadAgent(url, one) for one in hired], report)
    finally:
        await sync_to_async(dismiss)(hired)
    return rows + await _with_bot(url, site_key, report)


async def _with_agents(url: str, site_key: str, agents: list[LoadAgent], report: Tell) -> list[Row]:
    customers = [LoadCustomer(url, site_key) for _ in range(CUSTOMERS)]
    rows: list[Row] = []
    async with AsyncExitStack() as stack:
        for link in [*(agent.link for agent in agents), *(customer.link for customer in customers)]:
            await stack.enter_async_context(link)
            await link.up()
        stack.push_async_callback(_end_all, customers)
        for customer in customers:
            await customer.link.insist("conversation.request_human", {})
        for customer in customers:
            await customer.wants("assigned", ASSIGNED_WITHIN_S)
        report(f"  {CUSTOMERS} customers are with {len(agents)} agents")
        for rate in RATES:
            acks: list[Run] = []
            deliveries: list[Run] = []
            for number in range(1, RUNS + 1):
                arrivals = Arrivals()
                for agent in agents:
                    agent.arrivals = arrivals
                for customer in customers:
                    customer.arrivals = arrivals
                await asyncio.gather(*(agent.say_a_word() for agent in agents))
                await _drive(customers, rate, [MESSAGE], arrivals.delivered)
                acks.append((len(arrivals.ok) / SECONDS, arrivals.times_ms(arrivals.ok)))
                deliveries.append((len(arrivals.delivered) / SECONDS, arrivals.times_ms(arrivals.delivered)))
                report(f"  {rate}/s, run {number}: {len(arrivals.ok)} ok, {len(arrivals.delivered)} delivered")
            rows += [
                row(f"post_ok_{rate}", "messages/s", acks),
                row(f"post_delivered_{rate}", "messages/s", deliveries),
            ]
    return rows


async def _with_bot(url: str, site_key: str, report: Tell) -> list[Row]:
    customers = [LoadCustomer(url, site_key) for _ in range(CUSTOMERS)]
    rows: list[Row] = []
    async with AsyncExitStack() as stack:
        for customer in customers:
            await stack.enter_async_context(customer.link)
            await customer.link.up()
        stack.push_async_callback(_end_all, customers)
        for rate in BOT_RATES:
            runs: list[Run] = []
            for number in range(1, RUNS + 1):
                arrivals = Arrivals()
                for customer in customers:
                    await customer.back_to_bot()
                    customer.arrivals = arrivals
                await _drive(customers, rate, QUESTIONS, arrivals.routed)
                runs.append((len(arrivals.routed) / SECONDS, arrivals.times_ms(arrivals.routed)))
                report(f"  bot, {rate}/s, run {number}: {len(arrivals.ok)} ok, {len(arrivals.routed)} routed")
            rows.append(row(f"post_routed_{rate}", "messages/s", runs))
    return rows


async def _end_all(customers: list[LoadCustomer]) -> None:
    """Leaves no conversation behind, however the measurement ended."""
    for customer in customers:
        await customer.back_to_bot()


async def _drive(customers: list[LoadCustomer], rate: int, texts: Sequence[str], arrived: dict[str, float]) -> None:
    """Posts at `rate` for SECONDS, each customer in turn; then waits until all arrived, SETTLE_S at most."""
    posts: list[asyncio.Task[None]] = []
    start, count = time.monotonic(), int(rate * SECONDS)
    for number in range(count):
        await asyncio.sleep(max(0.0, start + number / rate - time.monotonic()))
        text = texts[number // len(customers) % len(texts)]
        posts.append(asyncio.create_task(customers[number % len(customers)].post(text)))
    await asyncio.gather(*posts)
    for _ in range(int(SETTLE_S / SETTLE_LOOK_S)):
        if len(arrived) >= count:
            return
        await asyncio.sleep(SETTLE_LOOK_S)
