"""The load's clients: customers who post at given moments, agents who take every offer and note arrivals."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from uuid import uuid4

from supportdesk.rehearsal.cast import Hired
from supportdesk.rehearsal.wire import Data, Link, Refused


@dataclass
class Arrivals:
    """When (time.monotonic) each client_id was sent, acknowledged and delivered to the agent, or answered."""

    sent: dict[str, float] = field(default_factory=dict)
    ok: dict[str, float] = field(default_factory=dict)
    delivered: dict[str, float] = field(default_factory=dict)
    routed: dict[str, float] = field(default_factory=dict)

    def times_ms(self, what: dict[str, float]) -> list[float]:
        return [(at - self.sent[id_]) * 1000 for id_, at in what.items() if id_ in self.sent]


class LoadCustomer:
    def __init__(self, url: str, site_key: str) -> None:
        self.site_key, self.token, self.state = site_key, "", "bot"
        self.arrivals = Arrivals()
        self.changed = asyncio.Event()
        self._unanswered: dict[str, int] = {}
        self._reaction = 0
        self.link = Link(f"ws{url.removeprefix('http')}/ws/customer/", origin=url, greet=self._greet, hear=self._hear)

    async def post(self, text: str) -> None:
        client_id, arrivals = uuid4().hex, self.arrivals
        arrivals.sent[client_id] = time.monotonic()
        try:
            posted = await self.link.ask("message.post", {"client_id": client_id, "text": text})
        except (Refused, TimeoutError):
            return  # it has no `ok`: the row's value shows that it is missing
        arrivals.ok[client_id] = time.monotonic()
        self._unanswered[client_id] = posted["seq"]

    async def wants(self, state: str, within_s: float) -> None:
        async with asyncio.timeout(within_s):
            while self.state != state:
                self.changed.clear()
                await self.changed.wait()

    async def back_to_bot(self) -> None:
        """Ends the conversation, so that the next post opens it again with the bot."""
        with contextlib.suppress(Refused):
            await self.link.insist("conversation.close", {})
        self._unanswered.clear()

    async def _greet(self) -> None:
        asked = {"site_key": self.site_key, **({"token": self.token} if self.token else {})}
        self.token = (await self.link.ask("session.open", asked))["token"]

    def _hear(self, kind: str, data: Data) -> None:
        if kind == "conversation.changed":
            self.state = data["conversation"]["state"]
            self.changed.set()
        elif kind == "message.posted" and (data["author"]["kind"] == "bot" or data["notice"] == "handoff_requested"):
            self._answered(data["seq"])

    def _answered(self, seq: int) -> None:
        for client_id in [id_ for id_, asked in self._unanswered.items() if asked < seq]:
            self.arrivals.routed[client_id] = time.monotonic()
            del self._unanswered[client_id]


class LoadAgent:
    """`arrivals`: shared with the customers, so that a delivery finds its post."""

    def __init__(self, url: str, hired: Hired) -> None:
        self.hired, self.arrivals = hired, Arrivals()
        self.conversations: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.link = Link(
            f"ws{url.removeprefix('http')}/ws/agent/",
            origin=url,
            headers={"Cookie": hired.cookie},
            greet=self._greet,
            hear=self._hear,
        )

    async def say_a_word(self) -> None:
        """One reply in each conversation, so that no reply falls due while the load runs."""
        for id_ in list(self.conversations):
            with contextlib.suppress(Refused):
                await self.link.insist(
                    "message.post", {"conversation_id": id_, "client_id": uuid4().hex, "text": "Noted."}
                )

    async def _greet(self) -> None:
        await self.link.ask("session.open", {})
        await self.link.ask("availability.set", {"availability": "available"})

    def _hear(self, kind: str, data: Data) -> None:
        if kind == "offer.made":
            task = asyncio.create_task(self._accept(data["conversation"]["id"]))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif kind == "message.posted" and data["author"]["kind"] == "customer":
            self.arrivals.delivered.setdefault(data["client_id"], time.monotonic())

    async def _accept(self, conversation_id: str) -> None:
        with contextlib.suppress(Refused):
            await self.link.insist("conversation.accept", {"conversation_id": conversation_id})
            self.conversations.add(conversation_id)
