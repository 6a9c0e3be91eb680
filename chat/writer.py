"""Group commit: one writer per web process takes whatever posts have arrived and stores them as one transaction.

No lingering for a fuller batch: while one is being written the next gathers by itself, and leaves before that one is
answered, so that PostgreSQL and this process work at the same time. A second is written beside it only where it takes
long, so that a conversation which somebody holds locked keeps no other waiting. The queue is
bounded; past it a post is answered `busy`.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from uuid import UUID

from chat.errors import Busy, ChatError, Unavailable
from chat.journal import Outcome, Post, Stored
from chat.lane import Lane
from supportdesk import bus

log = logging.getLogger(__name__)

BATCH_MOST = 256
QUEUE_MOST = 4096
LANES = 3
PATIENCE_S = 0.1
"""Until a batch takes long. Two at once all the time would be half as full: a quarter more work a message."""

Waiting = tuple[Post, "asyncio.Future[Outcome]"]


class Writer:
    """Lives on one event loop. Nothing it holds is acknowledged before it is committed.

    Facts are told on the loop: what follows from MessagePosted never waits (supportdesk.wiring).
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._arrived: deque[Waiting] = deque()
        self._idle = [Lane() for _ in range(LANES)]
        self._storing: set[asyncio.Task[None]] = set()
        self._in_hand: set[UUID] = set()
        """The conversations of what is being stored: their next posts stay behind those."""
        self._call: asyncio.Handle | None = None
        self._next_at = 0.0
        """When a batch may set out beside another."""
        self.batches = 0

    async def post(self, post: Post) -> Stored:
        """Stores the message and returns once it is committed.

        Raises:
            Busy: too many posts are waiting.
            Unavailable: PostgreSQL cannot be reached.
            ChatError: what refused the message.
        """
        if len(self._arrived) >= QUEUE_MOST:
            raise Busy
        answer: asyncio.Future[Outcome] = self._loop.create_future()
        self._arrived.append((post, answer))
        if self._call is None:
            self._call = self._loop.call_soon(self._set_out)  # when this turn of the loop has read all its sockets
        outcome = await answer
        if isinstance(outcome, ChatError):
            raise outcome
        return outcome

    async def close(self) -> None:
        """Stores what has arrived, then lets go of the connections."""
        while self._arrived or self._storing:
            self._set_out()
            await asyncio.wait(self._storing, return_when=asyncio.FIRST_COMPLETED)
        for lane in self._idle:
            lane.hang_up()

    def _set_out(self) -> None:
        """As many batches as may go now; if one has to wait for its time, it is called again then."""
        if self._call is not None:
            self._call.cancel()
            self._call = None
        while self._arrived and self._idle:
            if len(self._idle) < LANES and self._loop.time() < self._next_at:
                self._call = self._loop.call_at(self._next_at, self._set_out)
                return
            batch = self._taken()
            if not batch:
                return
            self._next_at = self._loop.time() + PATIENCE_S
            task = self._loop.create_task(self._store(self._idle.pop(), batch), name="journal")
            self._storing.add(task)
            task.add_done_callback(self._stored)

    def _taken(self) -> list[Waiting]:
        """In the order they came; no conversation is in two lanes at once."""
        batch: list[Waiting] = []
        held_back: list[Waiting] = []
        while self._arrived and len(batch) < BATCH_MOST:
            waiting = self._arrived.popleft()
            (held_back if waiting[0].conversation_id in self._in_hand else batch).append(waiting)
        self._arrived.extendleft(reversed(held_back))
        self._in_hand.update(post.conversation_id for post, _ in batch)
        return batch

    async def _store(self, lane: Lane, batch: Sequence[Waiting]) -> None:
        try:
            found = await lane.write([post for post, _ in batch])
        except Exception:  # whatever it is, whoever waits is answered and the next batch is stored
            log.exception("journal: a batch of %d was lost", len(batch))
            found = [Unavailable() for _ in batch]
        self.batches += 1
        self._in_hand.difference_update(post.conversation_id for post, _ in batch)
        self._idle.append(lane)
        if self._arrived:
            self._set_out()
            await asyncio.sleep(0)  # so that PostgreSQL has the next while this one is answered
        for (_, answer), outcome in zip(batch, found, strict=True):
            if not answer.done():
                answer.set_result(outcome)
        bus.tell(outcome.fact() for outcome in found if isinstance(outcome, Stored))

    def _stored(self, task: asyncio.Task[None]) -> None:
        self._storing.discard(task)
        self._set_out()


_writers: dict[asyncio.AbstractEventLoop, Writer] = {}


def writer() -> Writer:
    """The writer of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _writers:
        for gone in [other for other in _writers if other.is_closed()]:
            del _writers[gone]
        _writers[loop] = Writer()
    return _writers[loop]
