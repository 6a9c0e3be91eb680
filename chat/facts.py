"""What has happened in chat, told after the commit. supportdesk.wiring says what follows from each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from chat.entries import Entry
from chat.lifecycle import State, Trigger


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it. `id` is a customer's UUID or an agent's number, as text; None for the bot and the desk."""

    kind: str
    id: str | None = None


BOT = Actor("bot")
DESK = Actor("system")


class MessagePosted(msgspec.Struct, frozen=True):
    """A message is stored. `to_route`: the routing outbox holds it. A struct: it is made for every message."""

    message: Entry
    to_route: bool


@dataclass(frozen=True, slots=True)
class NotePosted:
    note_id: int
    conversation_id: UUID


@dataclass(frozen=True, slots=True)
class ConversationMoved:
    """A transition is committed (`trigger` is None for the opening itself)."""

    conversation_id: UUID
    customer_id: UUID
    version: int
    trigger: Trigger | None
    from_state: State
    to_state: State
    actor: Actor
    why: str
    agent_id: int | None = None
    """The agent it concerns: offered to, accepted by, lost, released by."""


@dataclass(frozen=True, slots=True)
class ConversationTouched:
    """Its snapshot changed without a transition: a rating, a score."""

    conversation_id: UUID


@dataclass(frozen=True, slots=True)
class PromiseAtRisk:
    """A promised date comes near and nobody has the conversation."""

    conversation_id: UUID
    due: datetime


@dataclass(frozen=True, slots=True)
class ReachFell:
    """So far today fewer than the target had a person in time: `met` of `judged`."""

    inbox_id: int
    met: int
    judged: int
    target_s: int
    target_percent: int


@dataclass(frozen=True, slots=True)
class Read:
    conversation_id: UUID
    reader: str
    seq: int
