"""A customer who never stops: asks the bot, asks for a person, writes on, closes, comes back."""

from __future__ import annotations

import asyncio
from uuid import uuid4

from supportdesk.rehearsal.wire import Data
from tests.faults.player import Address, Player, chance_of

PACE_S = (0.1, 0.7)
QUESTIONS = (
    "How many days do I have to return something I bought?",
    "How long does delivery take?",
    "When do I get my money back after I send something back?",
    "Hello, how much is shipping?",
    "Thank you, that helps.",
    "It was supposed to be here on Monday already.",
)
TO_A_PERSON = "I would like to talk to a person, please."
AGENT_CLOSES_S = 4.0
AWAY_S = (0.0, 3.0)


class Customer(Player):
    """A socket client with an outbox of one: the next message is sent when the one before is acknowledged."""

    token: str | None = None
    state = "bot"
    current: str | None = None

    @classmethod
    def number(cls, number: int, address: Address, seed: int) -> Customer:
        return cls(f"customer {number}", "customer", "/ws/customer/", address, chance_of(seed, f"customer {number}"))

    async def live(self, over: asyncio.Event) -> None:
        """Until `over`, with the link up; what was begun to be sent is still sent."""
        while not over.is_set():
            await self._chat(over)

    async def _chat(self, over: asyncio.Event) -> None:
        await self._say_some(1, 3, over)
        if self.chance.random() < 0.5:
            await self.say(TO_A_PERSON)
        else:
            await self.ask_for_a_person()
        await self._say_some(2, 6, over)
        if over.is_set():
            return
        if self.chance.random() < 0.5:
            await self._wait_closed(AGENT_CLOSES_S)
        if self.state != "closed":
            await self._verb("conversation.close")
        await asyncio.sleep(self.chance.uniform(*AWAY_S))

    async def _say_some(self, fewest: int, most: int, over: asyncio.Event) -> None:
        for _ in range(self.chance.randint(fewest, most)):
            if not over.is_set():
                await self.say(self.chance.choice(QUESTIONS))
                await asyncio.sleep(self.chance.uniform(*PACE_S))

    async def say(self, text: str) -> None:
        new = {"client_id": uuid4().hex, "text": self.recorder.mark(text)}
        posted = await self.link.insist("message.post", new)
        self._is_in(posted["conversation_id"])

    async def ask_for_a_person(self) -> None:
        await self._verb("conversation.request_human")

    async def close(self) -> None:
        await self._verb("conversation.close")

    async def _verb(self, command: str) -> None:
        conversation = (await self.link.insist(command, {}))["conversation"]
        self._is_in(conversation["id"])
        self.know(conversation)

    async def _wait_closed(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                while self.state != "closed":
                    self.moved.clear()
                    await self.moved.wait()
        except TimeoutError:
            return

    def _is_in(self, id_: str) -> None:
        """A post opens a conversation or leads back into the one at hand: it is followed from its beginning."""
        if self.current != id_:
            self.current = id_
            if id_ not in self.following:
                self.follow(id_, alone=True)
                self.catch_up(id_)

    def know(self, conversation: Data) -> None:
        is_newest = conversation["version"] >= self.recorder.versions.get(conversation["id"], 0)
        if conversation["id"] == self.current and is_newest:
            self.state = conversation["state"]

    async def greet(self) -> None:
        opening: Data = {"site_key": self.address.site_key, "locale": "en", "page": f"{self.address.url}/shop/"}
        if self.token:
            opening["token"] = self.token
        session = await self.link.ask("session.open", opening)
        self.token = session["token"]
        if session["conversation"]:
            self.current = session["conversation"]["id"]
            self.follow(self.current, alone=True)
            self.recorder.shown(session["conversation"])
            self.know(session["conversation"])
        await self.prepare_link(session)
