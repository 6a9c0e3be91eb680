"""`python -m bench.load`: one order a line on standard input, one line of figures for each on standard output."""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from time import perf_counter
from typing import Any

import uvloop

from bench.load.asking import Asking
from bench.load.drive import Drive, Figures, percentiles
from bench.load.seat import Refused, Seat
from bench.load.traffic import Traffic

AT_ONCE = 64

Seating = tuple[str, Mapping[str, str], Sequence[str]]


class Load:
    """The seats and what they do; each public coroutine is an order."""

    def __init__(self) -> None:
        self.traffic = Traffic()
        self.customers: list[Seat] = []
        self.agents: list[Seat] = []

    async def sit(self, customers: list[Seating], agents: list[Seating], at_once: int = AT_ONCE) -> Figures:
        """Takes seats, [url, headers, greeting] each, in addition to those taken."""
        fresh = [
            [Seat(url, headers, greeting, self.traffic) for url, headers, greeting in some]
            for some in (customers, agents)
        ]
        self.customers += fresh[0]
        self.agents += fresh[1]
        self.traffic.customers, self.traffic.agents = self.customers, set(self.agents)
        return await self._take([*fresh[0], *fresh[1]], at_once)

    async def closed(self, seconds: float, warm_up: float, pairs: int | None = None) -> Figures:
        return await Drive(self.traffic, pairs or len(self.customers)).closed(seconds, warm_up)

    async def open(self, rate: float, seconds: float, pairs: int | None = None) -> Figures:
        return await Drive(self.traffic, pairs or len(self.customers)).open(rate, seconds)

    async def cut_and_return(self) -> Figures:
        """Every customer's connection is cut; all come back at once."""
        await asyncio.gather(*(seat.leave(politely=False) for seat in self.customers))
        return await self._take(self.customers, at_once=len(self.customers))

    async def pages(self, conversation_id: str) -> Figures:
        """The first customer reads a conversation from its beginning, page by page."""
        seat, after, count, times = self.customers[0], 0, 0, list[float]()
        began = perf_counter()
        while True:
            asked = {"conversation_id": conversation_id, "after_seq": after}
            asked_at = perf_counter()
            answer = json.loads(
                await seat.ask(json.dumps({"id": 1, "type": "conversation.join", "data": asked}).encode())
            )
            times.append((perf_counter() - asked_at) * 1000)
            messages = answer["data"]["messages"]
            count += len(messages)
            after = messages[-1]["seq"] if messages else after
            if not answer["data"]["has_more"]:
                break
        return {
            "messages": count,
            "pages": len(times),
            "seconds": perf_counter() - began,
            "ms": percentiles(sorted(times)),
        }

    async def ask_bot(self, rate: float, seconds: float, run: str) -> Figures:
        """Questions at a rate, each customer in turn; `run` begins their client_ids."""
        return await Asking(self.customers, run).ask(rate, seconds)

    async def leave(self) -> Figures:
        seats = [*self.customers, *self.agents]
        await asyncio.gather(*(seat.leave() for seat in seats))
        self.customers, self.agents = [], []
        return {"left": len(seats)}

    async def _take(self, seats: list[Seat], at_once: int) -> Figures:
        gate, problems = asyncio.Semaphore(at_once), list[str]()
        times, each = list[float](), list[float]()
        began = perf_counter()

        async def take(seat: Seat) -> None:
            async with gate:
                asked = perf_counter()
                try:
                    await seat.take()
                    times.append((perf_counter() - began) * 1000)
                    each.append((perf_counter() - asked) * 1000)
                except (Refused, OSError, TimeoutError) as problem:
                    problems.append(f"{type(problem).__name__}: {problem}")

        await asyncio.gather(*(take(seat) for seat in seats))
        took = perf_counter() - began
        return {
            "seated": len(times),
            "seconds": took,
            "ms": percentiles(sorted(times)),
            "each_ms": percentiles(sorted(each)),
            "problems": problems[:5],
        }


async def main() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    load, loop = Load(), asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order: dict[str, Any] = json.loads(line)
        do: Callable[..., Awaitable[Figures]] = getattr(load, order.pop("do"))
        print(json.dumps(await do(**order)), flush=True)


if __name__ == "__main__":
    uvloop.run(main())
