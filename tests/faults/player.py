"""What customers and agents have in common: a recorded socket, timelines without gaps, and looking back at the end."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from supportdesk.rehearsal.timeline import Applied, Timeline
from supportdesk.rehearsal.wire import BACKOFF_LOW_S, PASSING, Data, DeskGone, Dropped, Refused
from tests.faults.recorder import BEAT_S, RecordedLink, Recorder
from tests.faults.records import Log, View


@dataclass(frozen=True)
class Address:
    """Where the desk is reached: through the proxy. `began` is the run's zero on the monotonic clock."""

    url: str
    site_key: str
    began: float

    @property
    def sockets(self) -> str:
        return "ws" + self.url.removeprefix("http")


def chance_of(seed: int, who: str) -> random.Random:
    return random.Random(f"{seed} {who}")


class Player:
    """One client. `following` are the conversations whose pushes it expects, each since when (epoch seconds)."""

    def __init__(
        self,
        who: str,
        author: str,
        path: str,
        address: Address,
        chance: random.Random,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.recorder = Recorder(who, author, address.began)
        self.address, self.chance = address, chance
        self.timelines: dict[str, Timeline] = {}
        self.following: dict[str, float] = {}
        self._is_at_rest = False
        self.moved = asyncio.Event()
        self._held: dict[str, int] = {}
        self._held_at = 0.0
        self._since: dict[str, float] = {}
        self._through: dict[str, int] = {}
        self._behind: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.link = RecordedLink(
            self.recorder,
            f"{address.sockets}{path}",
            origin=address.url,
            headers=headers,
            greet=self.greet,
            hear=self.hear,
        )

    async def greet(self) -> None:
        raise NotImplementedError

    def know(self, conversation: Data) -> None:
        """A snapshot, whole."""

    def hear(self, kind: str, data: Data) -> None:
        match kind:
            case "message.posted":
                self.apply(data)
            case "conversation.changed":
                self.know(data["conversation"])
            case "pong":
                for id_, seq in data["last_seq"].items():
                    if seq > self.timeline(id_).last_seq:
                        self.catch_up(id_)
            case "resync":
                for id_ in tuple(self.following):
                    self.catch_up(id_)
        self.moved.set()

    def timeline(self, id_: str) -> Timeline:
        return self.timelines.setdefault(str(UUID(id_)), Timeline(id_))

    def follow(self, id_: str, *, alone: bool = False) -> None:
        """From now on, if not before; `alone`: and no other."""
        since = self.following.get(id_, time.time())
        self.following = {id_: since} if alone else {**self.following, id_: since}

    def apply(self, message: Data) -> None:
        id_ = message["conversation_id"]
        if id_ in self.following and self.timeline(id_).apply(message) is Applied.GAP:
            self.catch_up(id_)
        self.moved.set()

    def catch_up(self, id_: str) -> None:
        """Joins again in the background, one join of a conversation at a time."""
        if id_ not in self._behind:
            self._behind.add(id_)
            self.do(self._join_behind(id_))

    async def _join_behind(self, id_: str) -> None:
        try:
            await self.join(id_)
        except (Dropped, TimeoutError, Refused):
            return  # the next greeting, pong or push shows it again
        finally:
            self._behind.discard(id_)

    async def join(self, id_: str) -> Data:
        """Every page after what is held; the last answer."""
        while True:
            asked = {"conversation_id": id_, "after_seq": self.timeline(id_).last_seq}
            joined = await self.link.ask("conversation.join", asked)
            for message in joined["messages"]:
                self.timeline(id_).apply(message)
            self.know(joined["conversation"])
            self.moved.set()
            if not joined["has_more"] or self.timeline(id_).last_seq == asked["after_seq"]:
                return joined

    async def prepare_link(self, session: Data) -> None:
        self.link.heartbeat_s = min(BEAT_S, session["heartbeat_s"])
        for id_ in tuple(self.following):
            await self.join(id_)

    async def look_back(self) -> None:
        """After the calm: notes what it has by itself, then joins everything it ever saw."""
        self._held_at, self._since = time.time(), dict(self.following)
        self._held = {id_: self.timeline(id_).last_seq for id_ in self.following}
        for id_ in tuple(self.timelines):
            while id_ not in self._through:
                await self.link.up()
                try:
                    self._through[id_] = (await self.join(id_))["conversation"]["last_seq"]
                except Dropped:
                    await asyncio.sleep(BACKOFF_LOW_S)  # until the link's keeper has noticed, too
                except TimeoutError:
                    await self.link.hang_up()
                except Refused as refusal:
                    if refusal.code not in PASSING:
                        raise
                    await asyncio.sleep(refusal.retry_after_s)

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        """In the background, unless at rest; what fails there is no client's mistake and is written down."""
        if self._is_at_rest:
            work.close()
            return
        task = asyncio.create_task(self._noted(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _noted(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except (Refused, DeskGone) as fault:
            self.recorder.troubles.append(str(fault))

    async def rest(self) -> None:
        """Stops what goes on in the background, and begins nothing new: from here on it only listens."""
        self._is_at_rest = True
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def log(self) -> Log:
        return self.recorder.log(
            tuple(
                View(
                    id_,
                    tuple(timeline.entries),
                    held=self._held.get(id_),
                    since=self._since.get(id_, 0.0),
                    held_at=self._held_at,
                    through=self._through.get(id_),
                )
                for id_, timeline in self.timelines.items()
            )
        )
