"""One run: people at the desk, faults from the seed, then calm; what everybody logged goes to the checker."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Protocol

import psycopg

from supportdesk.rehearsal.wire import DeskGone, Refused
from tests.faults import truth
from tests.faults.agent import Agent
from tests.faults.caller import Caller, Refusal
from tests.faults.checker import Violation, at_any_time, check, forgotten
from tests.faults.customer import Customer
from tests.faults.inject import Injector
from tests.faults.player import Address, chance_of
from tests.faults.proxy import Proxy
from tests.faults.recorder import Recorder
from tests.faults.records import Log, Truth
from tests.faults.recovery import Recovery, recoveries
from tests.faults.rig import Hired, Rig
from tests.faults.schedule import Fault, Struck

CUSTOMERS, CALLERS = 20, 3
LOOK_EVERY_S = 0.5
CALM_S = 6.0
"""At the least: time for what was missed to be heard of."""
SETTLES_WITHIN_S = 30.0
FINISHES_WITHIN_S = 60.0


class Client(Protocol):
    recorder: Recorder

    async def look_back(self) -> None: ...
    def log(self) -> Log: ...


class Talker(Client, Protocol):
    """One who says things until told that it is over."""

    async def live(self, over: asyncio.Event) -> None: ...
    async def close(self) -> None: ...


@dataclass(frozen=True)
class Outcome:
    """`settled_s`: from the last fault's end until nothing was overdue or unrouted; None if that never came."""

    seed: int
    struck: list[Struck]
    logs: list[Log]
    recoveries: list[Recovery]
    violations: list[Violation]
    settled_s: float | None
    seconds: float
    stored: int


@dataclass
class Run:
    rig: Rig
    hired: Sequence[Hired]
    seed: int
    faults: list[Fault]
    calm_s: float = CALM_S
    began: float = field(default_factory=time.monotonic)
    seen: dict[tuple[str, str], Violation] = field(default_factory=dict)

    def clock(self) -> float:
        return time.monotonic() - self.began

    async def play(self) -> Outcome:
        """Leaves the rig whole, with every conversation of the run closed."""
        self.rig.second.keep()
        proxy = self.rig.proxy(self.seed)
        await proxy.start()
        try:
            address = Address(f"http://127.0.0.1:{proxy.port}", self.rig.site_key, self.began)
            return await self._play(proxy, address)
        finally:
            await proxy.stop()
            await self.rig.second.let_go()

    async def _play(self, proxy: Proxy, address: Address) -> Outcome:
        agents = [
            Agent(one.name, one.agent_id, one.cookie, address, chance_of(self.seed, one.name)) for one in self.hired
        ]
        customers = [Customer.number(number, address, self.seed) for number in range(1, CUSTOMERS + 1)]
        callers = [Caller(n, address, chance_of(self.seed, f"caller {n}")) for n in range(1, CALLERS + 1)]
        injector = Injector(self.rig, proxy, self.clock)
        over = asyncio.Event()
        async with AsyncExitStack() as links:
            for player in (*agents, *customers):
                await links.enter_async_context(player.link)
            talkers: list[Talker] = [*customers, *callers]
            everyone: list[Client] = [*agents, *talkers]
            lives = [asyncio.create_task(self._lived(one, one.live(over), "live")) for one in talkers]
            watch = asyncio.create_task(self._watch())
            try:
                await injector.play(self.faults)
                await self.rig.is_whole()
            finally:
                over.set()
                calm = self.clock()
                await asyncio.gather(*lives)
            settled = await self._settle(calm)
            watch.cancel()
            for player in (*agents, *customers):
                await player.rest()
            await asyncio.gather(*(self._lived(one, one.look_back(), "look back") for one in everyone))
            logs = of_this_run([one.log() for one in everyone])
            found = await asyncio.to_thread(self._truth, logs)
            await asyncio.gather(*(self._lived(one, one.close(), "close") for one in talkers))
            await asyncio.gather(*(agent.go_away() for agent in agents))
        return self._outcome(injector.struck, logs, found, settled)

    def _outcome(self, struck: list[Struck], logs: list[Log], found: Truth, settled: float | None) -> Outcome:
        return Outcome(
            seed=self.seed,
            struck=struck,
            logs=logs,
            recoveries=recoveries(struck, logs),
            violations=[*self.seen.values(), *check(logs, found)],
            settled_s=settled,
            seconds=self.clock(),
            stored=sum(len(messages) for messages in (found.messages or {}).values()),
        )

    async def _lived(self, who: Client, life: Awaitable[None], part: str) -> None:
        """A refusal that no retry can help, or a desk that never answers, is what the client remembers of the run."""
        try:
            async with asyncio.timeout(FINISHES_WITHIN_S + self.faults_end()):
                await life
        except (Refused, Refusal, DeskGone) as problem:
            who.recorder.troubles.append(f"{part}: {problem}")
        except TimeoutError:
            who.recorder.troubles.append(f"{part}: not done within {FINISHES_WITHIN_S:.0f} s")

    def faults_end(self) -> float:
        return max((fault.at_s + fault.seconds for fault in self.faults), default=0.0)

    # --- The database, past the proxy

    async def _watch(self) -> None:
        """What may not be at any moment is looked for at every moment."""
        while True:
            for violation in at_any_time(await self._look() or Truth(0.0)):
                self.seen.setdefault((violation.kind, violation.who), violation)
            await asyncio.sleep(LOOK_EVERY_S)

    async def _settle(self, calm: float) -> float | None:
        """Waits until nothing is forgotten, and as long as the calm takes."""
        settled: float | None = None
        while settled is None and self.clock() - calm < SETTLES_WITHIN_S:
            found = await self._look()
            if found is not None and not forgotten(found):
                settled = self.clock() - calm
            await asyncio.sleep(LOOK_EVERY_S)
        await asyncio.sleep(max(0.0, self.calm_s - (self.clock() - calm)))
        return settled

    async def _look(self) -> Truth | None:
        """None while PostgreSQL is away."""

        def look() -> Truth:
            with self.rig.database() as link:
                return truth.look(link)

        with contextlib.suppress(psycopg.Error):
            return await asyncio.to_thread(look)
        return None

    def _truth(self, logs: Sequence[Log]) -> Truth:
        with self.rig.database() as link:
            return truth.look(link, conversations_of(logs))


def conversations_of(logs: Sequence[Log]) -> set[str]:
    acked = {ack.conversation_id for log in logs for ack in log.acked}
    return acked | {view.conversation_id for log in logs for view in log.views}


def of_this_run(logs: Sequence[Log]) -> list[Log]:
    """Agents also serve what was left open before; nobody here knows what was sent there."""
    ours = conversations_of([log for log in logs if log.author == "customer"])
    return [
        replace(
            log,
            views=tuple(view for view in log.views if view.conversation_id in ours),
            acked=tuple(ack for ack in log.acked if ack.conversation_id in ours),
        )
        for log in logs
    ]
