"""The frames of every message: the hot path's twins of protocol.Message and protocol.Posted, as msgspec structs.

Making and rendering one takes half a microsecond where pydantic takes four; a test holds the twins equal, field by
field and byte by byte.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

_render = msgspec.json.Encoder().encode


class Who(msgspec.Struct, frozen=True):
    """protocol.Author."""

    kind: str
    id: str | None
    name: str


class From(msgspec.Struct, frozen=True):
    """protocol.Source."""

    article_id: int
    title: str
    url: str


class Entry(msgspec.Struct, frozen=True):
    """protocol.Message."""

    conversation_id: UUID
    seq: int
    client_id: str
    author: Who
    text: str
    notice: str | None
    sources: tuple[From, ...]
    posted_at: datetime


class Receipt(msgspec.Struct, frozen=True):
    """protocol.Posted."""

    conversation_id: UUID
    client_id: str
    seq: int
    posted_at: datetime


def rendered(struct: msgspec.Struct) -> str:
    """As JSON."""
    return _render(struct).decode()
