"""Reads the desk's database for the checker, past the proxy: each look is one consistent snapshot."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import psycopg

from supportdesk.rehearsal.ledger import Seen
from tests.faults.records import Load, Message, Row, Truth

CONVERSATIONS = """
SELECT c.id::text, c.state, c.owner, extract(epoch FROM c.deadline)::float8, c.agent_id,
  (SELECT count(*) FROM chat_offer o WHERE o.conversation_id = c.id AND o.outcome IS NULL),
  c.version, c.last_seq, c.to_route_seq, c.routed_seq, extract(epoch FROM c.to_route_since)::float8
FROM chat_conversation c
"""
LOADS = """
SELECT a.id, (SELECT count(*) FROM chat_conversation c WHERE c.agent_id = a.id AND c.state = 'assigned')
  + (SELECT count(*) FROM chat_offer o WHERE o.agent_id = a.id AND o.outcome IS NULL), a.capacity
FROM agents_agent a
"""
MESSAGES = """
SELECT conversation_id::text, seq, author_kind, client_id, text, extract(epoch FROM posted_at)::float8
FROM chat_message WHERE conversation_id = ANY(%s::uuid[]) ORDER BY conversation_id, seq
"""


def look(link: psycopg.Connection[Any], conversations: Collection[str] | None = None) -> Truth:
    """Owners, deadlines and loads of everything that is open; with `conversations`, their rows and messages, too.

    The link's transactions must be REPEATABLE READ, so that all is of one moment.
    """
    with link.transaction():
        wanted = sorted(conversations or ())
        (at,) = link.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone() or (0.0,)
        where = "WHERE c.state <> 'closed' OR c.id = ANY(%s::uuid[])"
        rows = link.execute(f"{CONVERSATIONS} {where}", [wanted]).fetchall()
        loads = link.execute(LOADS).fetchall()
        messages = link.execute(MESSAGES, [wanted]).fetchall() if conversations is not None else None
    return Truth(
        at=float(at),
        conversations=tuple(Row(*row) for row in rows),
        loads=tuple(Load(*row) for row in loads),
        messages=None if messages is None else _by_conversation(messages),
    )


def _by_conversation(rows: list[tuple[Any, ...]]) -> dict[str, tuple[Message, ...]]:
    found: dict[str, list[Message]] = {}
    for id_, seq, author, client_id, text, at in rows:
        found.setdefault(id_, []).append(Message(Seen(seq, author, client_id, text), float(at)))
    return {id_: tuple(messages) for id_, messages in found.items()}
