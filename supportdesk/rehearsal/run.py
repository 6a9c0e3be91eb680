"""One rehearsal from the curtain up to the verdict: players, watch, judge. Agents are dismissed however it ends."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from asgiref.sync import sync_to_async

from chat.models import HandoffPacket, Message
from supportdesk.rehearsal.agent import ScriptedAgent
from supportdesk.rehearsal.cast import Hired, dismiss, hire
from supportdesk.rehearsal.customer import Customer
from supportdesk.rehearsal.dialogues import Dialogue
from supportdesk.rehearsal.ledger import Seen, judge
from supportdesk.rehearsal.report import Report, faults_of
from supportdesk.rehearsal.stage import Chat, Desk, Manner, Stage
from supportdesk.rehearsal.watch import Watch, probe
from supportdesk.rehearsal.wire import DeskGone, Refused

LOOK_EVERY_S = 1.0
AGENTS_READY_S = 30.0
AGENTS_GONE_S = 15.0


class NobodyCame(Exception):
    """No agent could sign in: the message says why."""


@dataclass
class Rehearsal:
    desk: Desk
    dialogues: list[Dialogue]
    parallel: int
    agents: int
    seed: int
    timeout_s: float
    manner: Manner = field(default_factory=Manner)
    progress: Callable[[Stage], None] = lambda _: None
    stage: Stage = field(default_factory=Stage)

    async def run(self) -> Report:
        """Plays every dialogue.

        Raises:
            NobodyCame: the desk let no agent in.
        """
        watch = Watch(probe(self.desk.url))
        started = time.monotonic()
        hired = await sync_to_async(hire)(self.agents)
        watching = asyncio.create_task(self._keep_watch(watch))
        agents = self._agents(hired)
        crew = [asyncio.create_task(agent.work()) for agent in agents]
        try:
            await self._all_at_work(agents)
            await self._play_all()
        finally:
            await _stop(crew)
            await _stop([watching])
            await watch.look()
            await sync_to_async(dismiss)(hired)
        return await sync_to_async(self._judged)(watch, time.monotonic() - started)

    def _agents(self, hired: list[Hired]) -> list[ScriptedAgent]:
        return [
            ScriptedAgent(one, desk=self.desk, stage=self.stage, manner=self.manner, chance=self._chance("agent", n))
            for n, one in enumerate(hired)
        ]

    async def _all_at_work(self, agents: list[ScriptedAgent]) -> None:
        try:
            async with asyncio.timeout(AGENTS_READY_S):
                for agent in agents:
                    await agent.link.up()
        except (TimeoutError, DeskGone, Refused) as problem:
            raise NobodyCame(f"the agents cannot sign in at {self.desk.url}: {problem!r}") from problem

    async def _play_all(self) -> None:
        seats = asyncio.Semaphore(self.parallel)
        self.stage.chats = [Chat(number, dialogue) for number, dialogue in enumerate(self.dialogues, 1)]
        async with asyncio.TaskGroup() as group:
            for chat in self.stage.chats:
                group.create_task(self._play(chat, seats))

    async def _play(self, chat: Chat, seats: asyncio.Semaphore) -> None:
        async with seats:
            customer = Customer(
                chat,
                desk=self.desk,
                stage=self.stage,
                manner=self.manner,
                chance=self._chance("customer", chat.number),
            )
            try:
                async with asyncio.timeout(self.timeout_s):
                    await customer.play()
            except TimeoutError:
                chat.trouble = f"not over after {self.timeout_s:.0f} s, state {customer.state}"
            except (DeskGone, Refused) as problem:
                chat.trouble = str(problem)
            self.progress(self.stage)

    async def _keep_watch(self, watch: Watch) -> None:
        while True:
            await watch.look()
            self.progress(self.stage)
            await asyncio.sleep(LOOK_EVERY_S)

    def _judged(self, watch: Watch, seconds: float) -> Report:
        played = {chat.conversation_id for chat in self.stage.chats if chat.conversation_id}
        verdict = judge(
            self.stage.views, stored_timelines(played | {view.conversation_id for view in self.stage.views})
        )
        faults = faults_of(verdict, unowned=watch.unowned.values(), overdue=watch.overdue.values())
        return Report(self.stage, faults, first_reasons(played), seconds, watch.outages)

    def _chance(self, role: str, number: int) -> random.Random:
        return random.Random(f"{self.seed} {role} {number}")


def stored_timelines(conversation_ids: Iterable[str]) -> dict[str, list[Seen]]:
    rows = Message.objects.filter(conversation_id__in=list(conversation_ids)).order_by("conversation_id", "seq")
    stored: dict[str, list[Seen]] = {}
    columns = ("conversation_id", "seq", "author_kind", "client_id", "text")
    for id_, seq, author, client_id, text in rows.values_list(*columns):
        stored.setdefault(str(id_), []).append(Seen(seq, author, client_id, text))
    return stored


def first_reasons(conversation_ids: Iterable[str]) -> dict[str, str]:
    packets = HandoffPacket.objects.filter(conversation_id__in=list(conversation_ids)).order_by("-id")
    return {str(id_): reason for id_, reason in packets.values_list("conversation_id", "reason")}


async def _stop(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(AGENTS_GONE_S):
            await asyncio.gather(*tasks, return_exceptions=True)
