"""Group commit: one writer per web process takes whatever posts have arrived and stores them as one transaction.

No lingering for a fuller batch: while one is being written the next gathers by itself. The queue is bounded; past
it a post is answered `busy`. A batch that fails is tried again row by row, so that a poisoned row fails alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
from django.db import connection

from chat import journal
from chat.errors import Busy, ChatError, Unavailable
from chat.journal import Outcome, Post, Stored
from supportdesk import bus

log = logging.getLogger(__name__)

BATCH_MOST = 256
QUEUE_MOST = 4096
STATEMENT_TIMEOUT_MS = 5_000
LOCK_TIMEOUT_MS = 3_000
RECONNECT_WAIT_S = 0.2

Waiting = tuple[Post, "asyncio.Future[Outcome]"]


class Writer:
    """Lives on one event loop. Nothing it holds is acknowledged before it is committed."""

    def __init__(self) -> None:
        self._arrived: deque[Waiting] = deque()
        self._wake = asyncio.Event()
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._task: asyncio.Task[None] | None = None
        self._teller = ThreadPoolExecutor(max_workers=1, thread_name_prefix="facts")
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
        if self._arrived:
            await asyncio.gather(*(answer for _, answer in self._arrived), return_exceptions=True)
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._hang_up()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._arrived:
                batch = [self._arrived.popleft() for _ in range(min(len(self._arrived), BATCH_MOST))]
                await self._store(batch)

    async def _store(self, batch: Sequence[Waiting]) -> None:
        posts = [post for post, _ in batch]
        found = await self._write(posts)
        if found is None and len(posts) > 1:
            found = [(await self._write([post]) or [Unavailable()])[0] for post in posts]
        for (_, answer), outcome in zip(batch, found or [Unavailable()] * len(batch), strict=True):
            if not answer.done():
                answer.set_result(outcome)
        facts = [outcome.fact() for outcome in found or () if isinstance(outcome, Stored)]
        if facts:
            self._teller.submit(_tell, facts)

    async def _write(self, posts: Sequence[Post]) -> list[Outcome] | None:
        """One transaction; None where it failed. A link that broke is made anew and the batch tried once more:
        the same client ids make that harmless, whether or not the first try was committed."""
        for attempt in (1, 2):
            try:
                return await self._commit(posts)
            except psycopg.OperationalError as error:
                await self._hang_up()
                log.warning("journal: PostgreSQL did not answer (%s), attempt %d", type(error).__name__, attempt)
                await asyncio.sleep(RECONNECT_WAIT_S)
            except psycopg.Error as error:
                await self._hang_up()
                log.error("journal: a batch of %d was refused: %s", len(posts), type(error).__name__)
                return None
        return None

    async def _commit(self, posts: Sequence[Post]) -> list[Outcome]:
        lock, columns = journal.arguments(posts)
        link = self._connection or await self._connect()
        async with link.pipeline(), link.transaction():
            await link.execute(journal.LOCK, lock)
            cursor = await link.execute(journal.POST, columns)
        rows = await cursor.fetchall()
        self.batches += 1
        self.posts += len(posts)
        return journal.outcomes(posts, rows)

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        parameters = connection.get_connection_params()
        wanted = {k: parameters[k] for k in ("dbname", "user", "password", "host", "port") if parameters.get(k)}
        self._connection = await psycopg.AsyncConnection.connect(
            **wanted,
            autocommit=True,
            connect_timeout=5,
            application_name="supportdesk journal",
            prepare_threshold=1,
            options=f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS}",
        )
        return self._connection

    async def _hang_up(self) -> None:
        link, self._connection = self._connection, None
        if link is not None:
            with contextlib.suppress(Exception):  # it is broken already; there is nothing to save
                await link.close()


def _tell(facts: Sequence[object]) -> None:
    try:
        bus.tell(facts)
    except Exception:
        log.exception("facts could not be told")


_writers: dict[asyncio.AbstractEventLoop, Writer] = {}


def writer() -> Writer:
    """The writer of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _writers:
        for gone in [other for other in _writers if other.is_closed()]:
            del _writers[gone]
        _writers[loop] = Writer()
    return _writers[loop]
