"""What the players of one run share: the record of each chat, and the bells that agents and customers ring.

All players live in one process, so their times are of one clock (time.monotonic, seconds).
"""

from __future__ import annotations

import asyncio
import math
import random
from dataclasses import dataclass, field

from supportdesk.rehearsal.dialogues import Dialogue
from supportdesk.rehearsal.ledger import View


@dataclass
class Post:
    """One message of a customer; `to_bot`: the bot had the conversation when it was sent."""

    client_id: str
    text: str
    sent_at: float
    to_bot: bool
    ok_at: float | None = None
    seq: int | None = None


@dataclass
class Chat:
    """One customer's chat, as seen by this customer."""

    number: int
    dialogue: Dialogue
    conversation_id: str | None = None
    posts: list[Post] = field(default_factory=list)
    reactions: list[tuple[int, float]] = field(default_factory=list)
    """(seq, when seen) of everything the bot said and of every handoff notice: a post before it has been routed."""
    bot_answers: int = 0
    handoff_at: float | None = None
    human_at: float | None = None
    ended: str | None = None
    trouble: str | None = None

    def routed_at(self, post: Post) -> float | None:
        """When the customer first saw what came of this post."""
        if post.seq is None:
            return None
        return min((at for seq, at in self.reactions if seq > post.seq), default=None)


@dataclass(frozen=True)
class Desk:
    """Where the desk is: `url` like http://localhost:8000."""

    url: str
    site_key: str

    @property
    def sockets(self) -> str:
        return "ws" + self.url.removeprefix("http")


@dataclass(frozen=True)
class Manner:
    """How people behave: seconds are medians of a log-normal spread; shares are from 0 to 1."""

    pace_s: float = 1.0
    think_s: float = 1.0
    decline: float = 0.04
    ignore: float = 0.02
    agent_closes: float = 0.5
    patience_s: float = 60.0


@dataclass
class Stage:
    """Who waits for whom, and when offers came."""

    chats: list[Chat] = field(default_factory=list)
    offers: dict[str, list[float]] = field(default_factory=dict)
    views: list[View] = field(default_factory=list)
    reconnects: int = 0
    gaps: int = 0
    troubles: list[str] = field(default_factory=list)
    _closable: set[str] = field(default_factory=set)
    _bells: dict[str, asyncio.Event] = field(default_factory=dict)

    def offered(self, conversation_id: str, at: float) -> None:
        self.offers.setdefault(conversation_id, []).append(at)

    def leave_closing_to_the_agent(self, conversation_id: str) -> None:
        """The customer has said everything: whichever agent serves the conversation closes it."""
        self._closable.add(conversation_id)
        self.bell(conversation_id).set()

    def is_closable(self, conversation_id: str) -> bool:
        return conversation_id in self._closable

    def bell(self, conversation_id: str) -> asyncio.Event:
        """Rung for the agent who serves this conversation."""
        return self._bells.setdefault(conversation_id, asyncio.Event())


def spread(chance: random.Random, median_s: float, *, sigma: float = 0.5) -> float:
    """A log-normal duration, cut at five times its median so that no single one decides how long a run takes."""
    return min(median_s * math.exp(chance.gauss(0, sigma)), 5 * median_s)
