"""A customer without a socket: posts by REST until it is answered, and reads by polling."""

from __future__ import annotations

import asyncio
import http.client
import json
import random
import urllib.error
import urllib.request
from uuid import uuid4

from supportdesk.rehearsal.timeline import Timeline
from supportdesk.rehearsal.wire import Data
from tests.faults.customer import QUESTIONS
from tests.faults.player import Address
from tests.faults.recorder import REPLY_WITHIN_S, Recorder
from tests.faults.records import Log, View

PACE_S = (0.5, 1.2)
"""A customer may ask 300 times a minute; a post and a look are two."""
AGAIN_S = (0.2, 0.6)
MESSAGES = "conversation/messages/"


class Refusal(Exception):
    """REST said no, and will say so again."""


class Caller:
    def __init__(self, number: int, address: Address, chance: random.Random) -> None:
        self.recorder = Recorder(f"caller {number}", "customer", address.began)
        self.address, self.chance = address, chance
        self.token = ""
        self.timelines: dict[str, Timeline] = {}
        self.current: str | None = None
        self._through: int | None = None

    async def live(self, over: asyncio.Event) -> None:
        opened = await self._insist("POST", "session/", {"site_key": self.address.site_key})
        self.token = opened["token"]
        while not over.is_set():
            await self._say(self.chance.choice(QUESTIONS))
            await self.poll()
            if self.chance.random() < 0.1:
                self.recorder.shown(await self._insist("POST", "conversation/request_human/", {}))
            await asyncio.sleep(self.chance.uniform(*PACE_S))

    async def _say(self, text: str) -> None:
        new = {"client_id": uuid4().hex, "text": self.recorder.mark(text)}
        posted = await self._insist("POST", MESSAGES, new)
        self.recorder.is_acked(posted)

    async def poll(self) -> None:
        """What is new in the conversation at hand; a new one is read from its beginning."""
        found = await self._insist("GET", "conversation/")
        self.current = id_ = str(found["id"])
        timeline = self.timelines.setdefault(id_, Timeline(id_))
        try:
            page = await self._insist("GET", f"{MESSAGES}?after_seq={timeline.last_seq}")
        except Refusal:
            return  # a post that had been under way for long has opened another conversation meanwhile
        for message in page["messages"]:
            if message["conversation_id"] == id_:
                timeline.apply(message)

    async def look_back(self) -> None:
        """Polls until nothing is new."""
        while self._through is None:
            await self.poll()
            found = await self._insist("GET", "conversation/")
            held = self.timelines.get(found["id"])
            if held is not None and found["last_seq"] <= held.last_seq:
                self._through = found["last_seq"]

    async def close(self) -> None:
        await self._insist("POST", "conversation/close/", {})

    async def _insist(self, method: str, path: str, body: Data | None = None) -> Data:
        """The same request until it is answered."""
        while True:
            if path == MESSAGES and body is not None:
                self.recorder.sends(body["client_id"], body["text"])
            floor = dict(self.recorder.versions)
            try:
                answer = await asyncio.to_thread(self._ask, method, path, body)
            except urllib.error.HTTPError as refused:
                self.recorder.internal += refused.code == http.client.INTERNAL_SERVER_ERROR
                if refused.code < http.client.INTERNAL_SERVER_ERROR and refused.code != http.client.TOO_MANY_REQUESTS:
                    raise Refusal(f"{method} {path}: {refused.code} {refused.read()[:200]!r}") from refused
            except (OSError, http.client.HTTPException, ValueError):
                pass  # no whole answer: whether it was done is not known
            else:
                if "version" in answer:
                    self.recorder.shown(answer, floor.get(answer["id"], 0))
                return answer
            await asyncio.sleep(self.chance.uniform(*AGAIN_S))

    def _ask(self, method: str, path: str, body: Data | None) -> Data:
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Customer {self.token}"
        request = urllib.request.Request(  # noqa: S310  # our own desk
            f"{self.address.url}/api/v1/customer/{path}",
            json.dumps(body).encode() if body is not None else None,
            headers,
            method=method,
        )
        with urllib.request.urlopen(request, timeout=REPLY_WITHIN_S) as answer:  # noqa: S310  # our own desk
            found: Data = json.loads(answer.read())
            return found

    def log(self) -> Log:
        views = [
            View(id_, tuple(timeline.entries), through=self._through if id_ == self.current else None)
            for id_, timeline in self.timelines.items()
        ]
        return self.recorder.log(tuple(views))
