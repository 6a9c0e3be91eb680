"""A scripted agent: available, takes most offers, answers whatever customers say and closes when they are done."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from supportdesk.rehearsal.cast import Hired
from supportdesk.rehearsal.ledger import Sent, View
from supportdesk.rehearsal.stage import Desk, Manner, Stage, spread
from supportdesk.rehearsal.timeline import Applied, Timeline
from supportdesk.rehearsal.wire import Data, DeskGone, Dropped, Link, Refused

REPLIES = (
    "Thank you for waiting, I am looking into it.",
    "I have found it and am taking care of it now.",
    "That is done. Is there anything else I can do?",
    "Of course. I have noted it for you.",
    "You will get a confirmation by e-mail in a moment.",
)
TAKEN_AWAY = {"not_assigned", "conversation_closed", "not_found", "illegal_transition", "already_taken"}


@dataclass
class Serving:
    """One conversation in this agent's hands, and everything seen of it since the first time."""

    timeline: Timeline
    sent: list[Sent] = field(default_factory=list)
    answered_seq: int = 0
    through: int | None = None
    is_mine: bool = True


class ScriptedAgent:
    def __init__(self, hired: Hired, *, desk: Desk, stage: Stage, manner: Manner, chance: random.Random) -> None:
        self.hired, self.stage, self.manner, self.chance = hired, stage, manner, chance
        self.is_on_duty = True
        self.servings: dict[str, Serving] = {}
        self._offers: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.at_work = asyncio.Event()
        self.link = Link(
            f"{desk.sockets}/ws/agent/",
            origin=desk.url,
            headers={"Cookie": hired.cookie},
            greet=self._greet,
            hear=self._hear,
            patience_s=manner.patience_s,
        )

    async def work(self) -> None:
        """Works until cancelled; then goes away and leaves its views on the stage."""
        try:
            async with self.link:
                try:
                    await asyncio.Event().wait()
                finally:
                    await self._go_away()
        finally:
            for task in self._tasks:
                task.cancel()
            self.stage.reconnects += max(0, self.link.connects - 1)
            self.stage.gaps += sum(serving.timeline.gaps for serving in self.servings.values())
            self.stage.views += self._views()

    async def _go_away(self) -> None:
        self.is_on_duty = False
        with contextlib.suppress(Dropped, Refused, TimeoutError, DeskGone):
            await self.link.ask("availability.set", {"availability": "away", "reason": "The rehearsal is over."})

    # --- Offers

    def _offered(self, conversation: Data) -> None:
        id_ = conversation["id"]
        if id_ in self._offers:
            return
        self._offers.add(id_)
        self.stage.offered(id_, time.monotonic())
        self._do(self._answer_offer(id_))

    async def _answer_offer(self, conversation_id: str) -> None:
        """Accepts after a glance; now and then declines, or looks away until the offer has passed."""
        chance = self.chance.random()
        await asyncio.sleep(spread(self.chance, self.manner.think_s / 4))
        if chance < self.manner.ignore or conversation_id not in self._offers:
            return
        if chance < self.manner.ignore + self.manner.decline:
            await self._try("conversation.decline", {"conversation_id": conversation_id, "reason": "busy (rehearsed)"})
            return
        changed = await self._try("conversation.accept", {"conversation_id": conversation_id})
        if changed:
            self._know(changed["conversation"])

    # --- Serving

    async def _serve(self, serving: Serving) -> None:
        id_ = serving.timeline.conversation_id
        bell = self.stage.bell(id_)
        await self._catch_up(serving)
        while serving.is_mine:
            bell.clear()
            newest = serving.timeline.last_seq_by("customer")
            if newest > serving.answered_seq:
                await asyncio.sleep(spread(self.chance, self.manner.think_s))
                serving.answered_seq = serving.timeline.last_seq_by("customer")
                await self._reply(serving)
            elif self.stage.is_closable(id_):
                changed = await self._try(
                    "conversation.close", {"conversation_id": id_, "resolution": "answered (rehearsed)"}
                )
                if changed:
                    self._know(changed["conversation"])
                serving.is_mine = False
            else:
                await bell.wait()
        await self._catch_up(serving)
        await self._try("conversation.leave", {"conversation_id": id_})

    async def _reply(self, serving: Serving) -> None:
        id_, client_id = serving.timeline.conversation_id, uuid4().hex
        text = REPLIES[len(serving.sent) % len(REPLIES)]
        place = len(serving.sent)
        serving.sent.append(Sent(client_id, text, None))
        posted = await self._try("message.post", {"conversation_id": id_, "client_id": client_id, "text": text})
        if posted:
            serving.sent[place] = Sent(client_id, text, posted["seq"])

    async def _catch_up(self, serving: Serving) -> None:
        """Joins after the last held seq, page by page; a closed conversation is then whole in this view."""
        id_, has_more = serving.timeline.conversation_id, True
        while has_more:
            joined = await self._try(
                "conversation.join", {"conversation_id": id_, "after_seq": serving.timeline.last_seq}
            )
            if joined is None:
                return
            self._take(serving, joined)
            has_more = joined["has_more"]
            if not has_more and joined["conversation"]["state"] == "closed":
                serving.through = joined["conversation"]["last_seq"]

    async def _try(self, command: str, data: Data) -> Data | None:
        """The answer; None when the conversation was taken away meanwhile, which is no fault."""
        try:
            return await self.link.insist(command, data)
        except Refused as refusal:
            if refusal.code not in TAKEN_AWAY:
                raise
            return None

    # --- What it hears

    async def _greet(self) -> None:
        session = await self.link.ask("session.open", {})
        self.link.heartbeat_s = session["heartbeat_s"]
        if self.is_on_duty and session["me"]["availability"] != "available":
            await self.link.ask("availability.set", {"availability": "available", "reason": ""})
        self._offers.clear()
        for conversation in session["offers"]:
            self._offered(conversation)
        mine = await self.link.ask("conversation.list", {"view": "mine"})
        for conversation in mine["items"]:
            self._know(conversation)
        for serving in self.servings.values():
            if serving.is_mine:
                await self._join_again(serving)
        self.at_work.set()

    async def _join_again(self, serving: Serving) -> None:
        """Within a greeting: straight, because `insist` waits for the greeting's end."""
        id_, has_more = serving.timeline.conversation_id, True
        while has_more:
            joined = await self.link.ask(
                "conversation.join", {"conversation_id": id_, "after_seq": serving.timeline.last_seq}
            )
            has_more = joined["has_more"]
            self._take(serving, joined)

    def _hear(self, kind: str, data: Data) -> None:
        match kind:
            case "offer.made":
                self._offered(data["conversation"])
            case "offer.withdrawn":
                self._offers.discard(data["conversation_id"])
            case "conversation.changed":
                self._know(data["conversation"])
            case "message.posted":
                self._apply(data)
            case "pong" | "resync":
                self._look_for_gaps(data.get("last_seq"))

    def _know(self, conversation: Data) -> None:
        """Whose it is decides whether it is served; the snapshot is whole, so hearing it twice is harmless."""
        id_ = conversation["id"]
        is_mine = conversation["state"] == "assigned" and conversation["agent"]["id"] == self.hired.agent_id
        serving = self.servings.get(id_)
        if is_mine and (serving is None or not serving.is_mine):
            serving = self.servings.setdefault(id_, Serving(Timeline(id_)))
            serving.is_mine = True
            self._do(self._serve(serving))
        elif serving is not None and serving.is_mine and not is_mine:
            serving.is_mine = False
            self.stage.bell(id_).set()

    def _take(self, serving: Serving, joined: Data) -> None:
        for message in joined["messages"]:
            serving.timeline.apply(message)
        self.stage.bell(serving.timeline.conversation_id).set()
        if joined["conversation"]["state"] != "assigned":
            self._know(joined["conversation"])

    def _apply(self, message: Data) -> None:
        serving = self.servings.get(message["conversation_id"])
        if serving is None:
            return
        if serving.timeline.apply(message) is Applied.GAP:
            self._do(self._catch_up(serving))
        self.stage.bell(message["conversation_id"]).set()

    def _look_for_gaps(self, last_seq: dict[str, int] | None) -> None:
        for id_, serving in self.servings.items():
            if serving.is_mine and (last_seq is None or last_seq.get(id_, 0) > serving.timeline.last_seq):
                self._do(self._catch_up(serving))

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._noted(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _noted(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as fault:
            self.stage.troubles.append(f"{self.hired.name}: {fault!r}")

    def _views(self) -> list[View]:
        return [
            View(
                who=self.hired.name,
                author="agent",
                conversation_id=id_,
                sent=tuple(serving.sent),
                applied=tuple(serving.timeline.entries),
                through=serving.through,
            )
            for id_, serving in self.servings.items()
        ]
