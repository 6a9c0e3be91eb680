"""The newest seq of conversations, for pongs: asked for by every socket at its beat, read in one query for all.

This is how a client finds out that the last push was lost, when no later one shows the gap.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from django.db import DatabaseError

from chat import snapshots
from chat.sockets.base import in_thread

GATHER_S = 0.05
_waiting: dict[UUID, list[asyncio.Future[dict[str, int]]]] = {}


async def last_seq_of(ids: Sequence[UUID]) -> dict[str, int]:
    """Conversation id -> last seq; those that cannot be read now are left out."""
    if not ids:
        return {}
    loop = asyncio.get_running_loop()
    answers: list[asyncio.Future[dict[str, int]]] = []
    if not _waiting:
        loop.call_later(GATHER_S, lambda: loop.create_task(_read()))
    for identifier in ids:
        answers.append(loop.create_future())
        _waiting.setdefault(identifier, []).append(answers[-1])
    found: dict[str, int] = {}
    for part in await asyncio.gather(*answers):
        found |= part
    return found


async def _read() -> None:
    asked, seqs = dict(_waiting), dict[str, int]()
    _waiting.clear()
    try:
        seqs = await in_thread(snapshots.last_seqs, list(asked))
    except DatabaseError:
        seqs = {}
    finally:
        for identifier, answers in asked.items():
            for answer in answers:
                if not answer.done():
                    answer.set_result({str(identifier): seqs[str(identifier)]} if str(identifier) in seqs else {})
