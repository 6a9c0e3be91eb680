"""An agent who takes what is offered and answers everything; now and then declines, looks away, releases or returns."""

from __future__ import annotations

import asyncio
import contextlib
import random
from uuid import uuid4

from supportdesk.rehearsal.wire import Data, DeskGone, Dropped, Refused
from tests.faults.player import Address, Player

REPLIES = ("I am looking into it.", "That is done.", "Of course, I have noted it.", "You will get an e-mail.")
TAKEN_AWAY = {"not_assigned", "conversation_closed", "not_found", "illegal_transition", "already_taken"}
THINK_S = (0.1, 0.5)
DECLINES, LOOKS_AWAY = 0.06, 0.04
RELEASES, RETURNS = 0.1, 0.1


class Agent(Player):
    """`mine` are the conversations in this agent's hands, as last heard."""

    def __init__(self, who: str, agent_id: int, cookie: str, address: Address, chance: random.Random) -> None:
        super().__init__(who, "agent", "/ws/agent/", address, chance, {"Cookie": cookie})
        self.agent_id = agent_id
        self.mine: set[str] = set()
        self._offers: set[str] = set()
        self._serving: set[str] = set()

    async def go_away(self) -> None:
        with contextlib.suppress(Dropped, Refused, TimeoutError, DeskGone):
            await self.link.ask("availability.set", {"availability": "away", "reason": "The run is over."})

    # --- What it hears

    async def greet(self) -> None:
        session = await self.link.ask("session.open", {})
        if session["me"]["availability"] != "available":
            await self.link.ask("availability.set", {"availability": "available", "reason": ""})
        self._offers.clear()
        for conversation in session["offers"]:
            self._is_offered(conversation["id"])
        listed = (await self.link.ask("conversation.list", {"view": "mine"}))["items"]
        still = {conversation["id"] for conversation in listed}
        for id_ in self.mine - still:
            self._is_gone(id_)
        for conversation in listed:
            self.know(conversation)
        await self.prepare_link(session)

    def hear(self, kind: str, data: Data) -> None:
        if kind == "offer.made":
            self._is_offered(data["conversation"]["id"])
        elif kind == "offer.withdrawn":
            self._offers.discard(data["conversation_id"])
        super().hear(kind, data)

    def know(self, conversation: Data) -> None:
        id_ = conversation["id"]
        if conversation["version"] < self.recorder.versions.get(id_, 0):
            return
        if conversation["state"] == "assigned" and conversation["agent"]["id"] == self.agent_id:
            self.mine.add(id_)
            self.follow(id_)
            if id_ not in self._serving:
                self._serving.add(id_)
                self.do(self._serve(id_))
        else:
            self._is_gone(id_)

    def _is_gone(self, id_: str) -> None:
        """Not in these hands any more; the socket may still hear of it, but need not."""
        self.mine.discard(id_)
        self.following.pop(id_, None)
        self.moved.set()

    # --- What it does

    def _is_offered(self, id_: str) -> None:
        if id_ not in self._offers:
            self._offers.add(id_)
            self.do(self._answer_offer(id_))

    async def _answer_offer(self, id_: str) -> None:
        await asyncio.sleep(self.chance.uniform(*THINK_S))
        mood = self.chance.random()
        if id_ not in self._offers or mood < LOOKS_AWAY:
            return
        self._offers.discard(id_)
        if mood < LOOKS_AWAY + DECLINES:
            await self._try("conversation.decline", {"conversation_id": id_, "reason": "busy"})
        elif changed := await self._try("conversation.accept", {"conversation_id": id_}):
            self.know(changed["conversation"])

    async def _serve(self, id_: str) -> None:
        try:
            await self._answer_all(id_)
        finally:
            self._serving.discard(id_)

    async def _answer_all(self, id_: str) -> None:
        self.catch_up(id_)
        timeline, answered, replies, enough = self.timeline(id_), 0, 0, self.chance.randint(1, 4)
        while id_ in self.mine:
            newest = timeline.last_seq_by("customer")
            if newest > max(answered, timeline.last_seq_by("agent")):
                await asyncio.sleep(self.chance.uniform(*THINK_S))
                answered, replies = newest, replies + 1
                await self._reply(id_)
            elif replies >= enough:
                await self._let_go(id_)
                return
            else:
                self.moved.clear()
                await self.moved.wait()

    async def _reply(self, id_: str) -> None:
        text = self.recorder.mark(self.chance.choice(REPLIES))
        await self._try("message.post", {"conversation_id": id_, "client_id": uuid4().hex, "text": text})

    async def _let_go(self, id_: str) -> None:
        mood, where = self.chance.random(), {"conversation_id": id_}
        if mood < RELEASES:
            changed = await self._try("conversation.release", where)
        elif mood < RELEASES + RETURNS:
            changed = await self._try("conversation.return_to_bot", {**where, "reason": "the bot can do this"})
        else:
            changed = await self._try("conversation.close", {**where, "resolution": "answered"})
        if changed:
            self.know(changed["conversation"])

    async def _try(self, command: str, data: Data) -> Data | None:
        """The answer; None when the conversation was taken away meanwhile, which is no fault."""
        try:
            return await self.link.insist(command, data)
        except Refused as refusal:
            if refusal.code not in TAKEN_AWAY:
                raise
            return None
