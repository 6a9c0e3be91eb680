"""Group commit: one writer per web process takes whatever posts have arrived and stores them as one transaction.

No lingering for a fuller batch: while one is being written the next gathers by itself. The queue is bounded; past
it a post is answered `busy`. A batch that fails is tried again row by row, so that a poisoned row fails alone.

asyncpg, not psycopg: half the processor time a batch. The statement is planned once, and by indexes alone, whatever
the tables held when it was: a plan made for an empty desk must not be kept for a full one.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import asyncpg
from django.conf import settings
from django.db import connection

from chat import journal
from chat.errors import Busy, ChatError, Unavailable
from chat.journal import Batch, Outcome, Post, Stored
from supportdesk import bus

log = logging.getLogger(__name__)

BATCH_MOST = 256
QUEUE_MOST = 4096
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

Waiting = tuple[Post, "asyncio.Future[Outcome]"]


class Writer:
    """Lives on one event loop. Nothing it holds is acknowledged before it is committed.

    Facts are told on the loop: what follows from MessagePosted never waits (supportdesk.wiring).
    """

    def __init__(self) -> None:
        self._arrived: deque[Waiting] = deque()
        self._wake = asyncio.Event()
        self._link: Any | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_ending = False
        self.batches = 0
        self.posts = 0

    async def post(self, post: Post) -> Stored:
        """Stores the message and returns once it is committed.

        Raises:
            Busy: too many posts are waiting.
            Unavailable: PostgreSQL cannot be reached.
            ChatError: what refused the message.
        """
        if len(self._arrived) >= QUEUE_MOST:
            raise Busy
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="journal")
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._arrived.append((post, answer))
        self._wake.set()
        outcome = await answer
        if isinstance(outcome, ChatError):
            raise outcome
        return outcome

    async def close(self) -> None:
        """Stores what has arrived, then lets go of the connection."""
        self._is_ending = True
        self._wake.set()
        if self._task is not None:
            await self._task
        self._hang_up()

    async def _run(self) -> None:
        while not self._is_ending:
            await self._wake.wait()
            self._wake.clear()
            while self._arrived:
                batch = [self._arrived.popleft() for _ in range(min(len(self._arrived), BATCH_MOST))]
                await self._store(batch)

    async def _store(self, batch: Sequence[Waiting]) -> None:
        try:
            found = await self._write([post for post, _ in batch])
        except Exception:  # whatever it is, whoever waits is answered and the next batch is stored
            log.exception("journal: a batch of %d was lost", len(batch))
            found = [Unavailable() for _ in batch]
        for (_, answer), outcome in zip(batch, found, strict=True):
            if not answer.done():
                answer.set_result(outcome)
        bus.tell(outcome.fact() for outcome in found if isinstance(outcome, Stored))

    async def _write(self, posts: Sequence[Post]) -> list[Outcome]:
        """One transaction, or one a post where it is refused. A link that broke is made anew and the batch tried once
        more: the same client ids make that harmless, whether or not the first try was committed."""
        for attempt in (1, 2):
            try:
                return await self._commit(Batch(posts))
            except AWAY as error:
                self._hang_up()
                log.warning("journal: PostgreSQL did not answer (%s), attempt %d", type(error).__name__, attempt)
                await asyncio.sleep(RECONNECT_WAIT_S)
            except (asyncpg.PostgresError, ValueError, TypeError) as error:  # one that asyncpg cannot even send
                if len(posts) > 1:
                    log.warning("journal: a batch of %d was refused (%s)", len(posts), type(error).__name__)
                    return [outcome for post in posts for outcome in await self._write([post])]
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
        self.batches += 1
        self.posts += len(batch.posts)
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

    def _hang_up(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            link.terminate()


_writers: dict[asyncio.AbstractEventLoop, Writer] = {}


def writer() -> Writer:
    """The writer of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _writers:
        for gone in [other for other in _writers if other.is_closed()]:
            del _writers[gone]
        _writers[loop] = Writer()
    return _writers[loop]
