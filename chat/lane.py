"""A link of the journal's own to PostgreSQL, over which one batch of posts is stored at a time.

A batch that fails is tried again row by row, so that a poisoned row fails alone.

asyncpg, not psycopg: half the processor time a batch. The statement is planned once, and by indexes alone, whatever
the tables held when it was: a plan made for an empty desk must not be kept for a full one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import asyncpg
from django.conf import settings
from django.db import connection

from chat import journal
from chat.errors import Unavailable
from chat.journal import Batch, Outcome, Post

log = logging.getLogger(__name__)

CONNECT_WITHIN_S = 5.0
ANSWER_WITHIN_S = 8.0
"""A PostgreSQL that does not answer at all; one that does keeps to the time-outs below."""
RECONNECT_WAIT_S = 0.2
JUDGED_MOST = 3
"""Rounds for what another process changes between judging and storing; then it is answered `busy`."""
SESSION = {
    "application_name": "supportdesk journal",
    "statement_timeout": "5000",
    "lock_timeout": "1000",
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}

AWAY = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a link that was cut between two steps
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shutting down, starting up, a time-out
    asyncpg.InsufficientResourcesError,  # the disk is full, too many connections
    asyncpg.ReadOnlySQLTransactionError,  # a primary that has become a standby
)
"""No post is at fault: the same batch may succeed on a new link."""


class Lane:
    """Connects with its first batch, and anew after a link that broke."""

    def __init__(self) -> None:
        self._link: Any | None = None

    async def write(self, posts: Sequence[Post]) -> list[Outcome]:
        """One transaction, or one a post where it is refused. A link that broke is made anew and the batch tried once
        more: the same client ids make that harmless, whether or not the first try was committed."""
        for attempt in (1, 2):
            try:
                return await self._commit(Batch(posts))
            except AWAY as error:
                self.hang_up()
                log.warning("journal: PostgreSQL did not answer (%s), attempt %d", type(error).__name__, attempt)
                await asyncio.sleep(RECONNECT_WAIT_S)
            except (asyncpg.PostgresError, ValueError, TypeError) as error:  # one that asyncpg cannot even send
                if len(posts) > 1:
                    log.warning("journal: a batch of %d was refused (%s)", len(posts), type(error).__name__)
                    return [outcome for post in posts for outcome in await self.write([post])]
                log.warning("journal: a post was refused (%s), attempt %d", type(error).__name__, attempt)
        return [Unavailable() for _ in posts]

    async def _commit(self, batch: Batch) -> list[Outcome]:
        """One statement where all goes well. What it leaves is judged, and what may be stored is tried again."""
        if self._link is None or self._link.is_closed():
            self._link = await self._connect()
        await self._store_waiting(batch)
        for _ in range(JUDGED_MOST):
            if not batch.waiting:
                break
            batch.judged(await self._link.fetch(journal.JUDGE, *batch.to_judge(), timeout=ANSWER_WITHIN_S))
            if batch.waiting:
                await self._store_waiting(batch)
        return batch.outcomes()

    async def _store_waiting(self, batch: Batch) -> None:
        assert self._link is not None  # _commit has made it
        with suppress(asyncpg.UniqueViolationError):  # a client_id was there before: JUDGE says whose
            batch.stored(await self._link.fetch(journal.STORE, *batch.to_store(), timeout=ANSWER_WITHIN_S))

    async def _connect(self) -> Any:
        """The address is Django's; the name of the database may be a test's."""
        return await asyncpg.connect(
            settings.DATABASE_URL,
            database=connection.settings_dict["NAME"],
            timeout=CONNECT_WITHIN_S,
            server_settings=SESSION,
        )

    def hang_up(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            link.terminate()
