"""A scripted customer: says its turns over a real socket, sends again until acknowledged, and sees the chat out."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from uuid import uuid4

from supportdesk.rehearsal.ledger import Sent, View
from supportdesk.rehearsal.stage import Chat, Desk, Manner, Post, Stage, spread
from supportdesk.rehearsal.timeline import Applied, Timeline
from supportdesk.rehearsal.wire import Data, Dropped, Link, Refused

WITH_BOT = {"bot", "closed"}
CLOSING_S = 10.0
"""How long an agent may take to close once the customer has said everything; then the customer closes."""


class Customer:
    def __init__(self, chat: Chat, *, desk: Desk, stage: Stage, manner: Manner, chance: random.Random) -> None:
        self.chat, self.desk, self.stage, self.manner, self.chance = chat, desk, stage, manner, chance
        self.token: str | None = None
        self.conversation: Data | None = None
        self.timelines: dict[str, Timeline] = {}
        self.through: dict[str, int] = {}
        self.moved = asyncio.Event()
        self._joining: asyncio.Task[None] | None = None
        self.link = Link(
            f"{desk.sockets}/ws/customer/",
            origin=desk.url,
            greet=self._greet,
            hear=self._hear,
            patience_s=manner.patience_s,
        )

    async def play(self) -> None:
        """The whole chat; afterwards the chat's record is complete and this client's views are on the stage."""
        try:
            async with self.link:
                for number, text in enumerate(self.chat.dialogue.turns):
                    if number:
                        await asyncio.sleep(spread(self.chance, self.manner.pace_s))
                    await self._say(text)
                self.chat.ended = await self._see_out()
                await self._look_back()
        finally:
            if self._joining is not None:
                self._joining.cancel()
            self.stage.reconnects += max(0, self.link.connects - 1)
            self.stage.gaps += sum(timeline.gaps for timeline in self.timelines.values())
            self.stage.views += self._views()

    # --- What it does

    async def _say(self, text: str) -> None:
        state = self.conversation["state"] if self.conversation else "bot"
        post = Post(uuid4().hex, text, time.monotonic(), to_bot=state in WITH_BOT)
        self.chat.posts.append(post)
        posted = await self.link.insist("message.post", {"client_id": post.client_id, "text": text})
        post.ok_at, post.seq = time.monotonic(), posted["seq"]
        self.chat.conversation_id = posted["conversation_id"]
        if posted["conversation_id"] not in self.timelines:
            self._timeline(posted["conversation_id"])
            self._catch_up()

    async def _see_out(self) -> str:
        """Waits until everything said was answered, then ends the chat; says how it ended."""
        await self._until(self._is_answered)
        if self.state == "closed":
            return "closed by the desk"
        if self.state == "callback":
            await self._close()
            return "promised a callback"
        if self.state == "bot":
            await self._close()
            return "closed by the customer, with the bot"
        assert self.chat.conversation_id is not None
        if self.chance.random() < self.manner.agent_closes:
            self.stage.leave_closing_to_the_agent(self.chat.conversation_id)
            if await self._until(lambda: self.state == "closed", within_s=CLOSING_S):
                return "closed by the agent"
        await self._close()
        return "closed by the customer, with an agent"

    async def _close(self) -> None:
        try:
            self._know((await self.link.insist("conversation.close", {}))["conversation"])
        except Refused as refusal:  # closed already, by the other side or by an attempt whose answer was lost
            if refusal.code not in {"conversation_closed", "illegal_transition", "not_found"}:
                raise

    async def _look_back(self) -> None:
        """One last join, so that the view is whole up to the conversation's end."""
        conversation_id = self.chat.conversation_id
        assert conversation_id is not None
        timeline = self._timeline(conversation_id)
        while True:
            joined = await self.link.insist(
                "conversation.join", {"conversation_id": conversation_id, "after_seq": timeline.last_seq}
            )
            self._take(joined)
            if not joined["has_more"]:
                self.through[conversation_id] = joined["conversation"]["last_seq"]
                return

    async def _until(self, is_so: Callable[[], bool], *, within_s: float | None = None) -> bool:
        """Waits for what the desk pushes; the chat's own time limit stands around it."""
        try:
            async with asyncio.timeout(within_s):
                while not is_so():
                    self.moved.clear()
                    await self.moved.wait()
                    await self.link.up()
        except TimeoutError:
            if within_s is None:
                raise
            return False
        return True

    @property
    def state(self) -> str:
        return str(self.conversation["state"]) if self.conversation else "bot"

    def _is_answered(self) -> bool:
        """By the bot for what the bot had, by an agent for the rest; a promise or an end is an answer, too."""
        state = self.state
        if state in {"callback", "closed"}:
            return True
        if self.chat.conversation_id is None or not all(post.seq for post in self.chat.posts):
            return False
        timeline, last = self._timeline(self.chat.conversation_id), self.chat.posts[-1]
        if state == "bot":
            # Not by a handoff's notice: it is seen a moment before the state that it tells of.
            return max(timeline.last_seq_by("bot"), timeline.last_seq_by("agent")) > (last.seq or 0)
        return state == "assigned" and timeline.last_seq_by("agent") > (last.seq or 0)

    # --- What it hears

    async def _greet(self) -> None:
        opening: Data = {"site_key": self.desk.site_key, "locale": "en", "page": f"{self.desk.url}/shop/"}
        if self.token:
            opening["token"] = self.token
        session = await self.link.ask("session.open", opening)
        self.token = session["token"]
        self.link.heartbeat_s = session["heartbeat_s"]
        if session["conversation"]:
            self._know(session["conversation"])
            await self._join(session["conversation"]["id"])

    def _hear(self, kind: str, data: Data) -> None:
        match kind:
            case "message.posted":
                self._apply(data, time.monotonic())
            case "conversation.changed":
                self._know(data["conversation"])
            case "pong":
                if any(seq > self._timeline(id_).last_seq for id_, seq in data["last_seq"].items()):
                    self._catch_up()
            case "resync":
                self._catch_up()
        self.moved.set()

    def _know(self, conversation: Data) -> None:
        held = self.conversation
        if held and held["id"] == conversation["id"] and held["version"] > conversation["version"]:
            return
        self.conversation = conversation
        if conversation["state"] == "queued" and self.chat.handoff_at is None:
            self.chat.handoff_at = time.monotonic()
        self.moved.set()

    def _apply(self, message: Data, at: float) -> None:
        match self._timeline(message["conversation_id"]).apply(message):
            case Applied.GAP:
                self._catch_up()
            case Applied.NEW:
                self._note(message, at)

    def _note(self, message: Data, at: float) -> None:
        """Keeps the moments that the report is made of."""
        author = message["author"]["kind"]
        if author == "bot" or message["notice"] == "handoff_requested":
            self.chat.reactions.append((message["seq"], at))
        self.chat.bot_answers += author == "bot"
        if message["notice"] == "handoff_requested" and self.chat.handoff_at is None:
            self.chat.handoff_at = at
        if author == "agent" and self.chat.human_at is None:
            self.chat.human_at = at
        self.moved.set()

    def _catch_up(self) -> None:
        """Joins again in the background, once at a time; a gap seen meanwhile is found when the join's pages end."""
        if self._joining is None or self._joining.done():
            self._joining = asyncio.create_task(self._join_known())

    async def _join_known(self) -> None:
        try:
            for conversation_id in list(self.timelines):
                await self._join(conversation_id)
        except (Dropped, TimeoutError, Refused):
            return  # the next greeting, pong or push finds the gap again

    async def _join(self, conversation_id: str) -> None:
        has_more = True
        while has_more:
            after_seq = self._timeline(conversation_id).last_seq
            joined = await self.link.ask(
                "conversation.join", {"conversation_id": conversation_id, "after_seq": after_seq}
            )
            has_more = self._take(joined)

    def _take(self, joined: Data) -> bool:
        for message in joined["messages"]:
            self._apply(message, time.monotonic())
        self._know(joined["conversation"])
        return bool(joined["has_more"])

    def _timeline(self, conversation_id: str) -> Timeline:
        return self.timelines.setdefault(conversation_id, Timeline(conversation_id))

    def _views(self) -> list[View]:
        """The posts belong to the chat's conversation: a customer has one at a time, and a script never outlives it."""
        sent = tuple(Sent(post.client_id, post.text, post.seq) for post in self.chat.posts)
        return [
            View(
                who=f"customer {self.chat.number}",
                author="customer",
                conversation_id=id_,
                sent=sent if id_ == self.chat.conversation_id else (),
                applied=tuple(timeline.entries),
                through=self.through.get(id_),
            )
            for id_, timeline in self.timelines.items()
        ]
