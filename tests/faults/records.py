"""What a run leaves behind: every client's log of what it sent, was told and saw, and the database's rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from supportdesk.rehearsal.ledger import Seen


@dataclass(frozen=True)
class Posted:
    """A message that a client sent at least once; `at` in seconds of the run."""

    client_id: str
    text: str
    at: float


@dataclass(frozen=True)
class Acked:
    """An `ok` to a post. The same post may be answered more than once: always with the same words."""

    client_id: str
    conversation_id: str
    seq: int
    at: float


@dataclass(frozen=True)
class Snapshot:
    """A conversation as a client was shown it. `floor` is the version it knew when it asked; 0 for a push."""

    conversation_id: str
    version: int
    state: str
    agent_id: int | None
    floor: int


@dataclass(frozen=True)
class View:
    """One client's timeline of one conversation.

    `held` is the last seq it had by itself in the calm, before it looked back at `held_at`, having followed it `since`
    then (epoch seconds); `through` is what the last join said the conversation had. None where it was not followed to
    the end.
    """

    conversation_id: str
    applied: tuple[Seen, ...]
    held: int | None = None
    since: float = 0.0
    held_at: float = 0.0
    through: int | None = None


@dataclass(frozen=True)
class Log:
    """One client. It sends one message after the other, each until it is acknowledged."""

    who: str
    author: str
    posted: tuple[Posted, ...] = ()
    acked: tuple[Acked, ...] = ()
    views: tuple[View, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    troubles: tuple[str, ...] = ()
    tries: int = 0
    internal: int = 0


@dataclass(frozen=True)
class Row:
    """A conversation as stored; times in epoch seconds."""

    id: str
    state: str
    owner: str | None
    deadline: float | None
    agent_id: int | None
    live_offers: int
    version: int
    last_seq: int
    to_route_seq: int
    routed_seq: int
    to_route_since: float | None


@dataclass(frozen=True)
class Load:
    """An agent's conversations and live offers beside the capacity."""

    agent_id: int
    load: int
    capacity: int


@dataclass(frozen=True)
class Message:
    """`at` is when it was posted, epoch seconds."""

    seen: Seen
    at: float


@dataclass(frozen=True)
class Truth:
    """The database at the epoch second `at`."""

    at: float
    conversations: tuple[Row, ...] = ()
    loads: tuple[Load, ...] = ()
    messages: Mapping[str, tuple[Message, ...]] | None = None
    """By conversation; None where only owners, deadlines and loads were looked at."""
