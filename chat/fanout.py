"""Pushes on their way to sockets: channels, `publish` for everybody, and the hub of a web process.

What a web process publishes reaches its own sockets at once and those of others by Redis; each push there begins with
the mark of the hub it comes from, which hears no echo of itself. Redis pub/sub may lose a push: a hub that lost its
link tells its sockets to resync once it is back, and what could not be published is kept and sent then. What a client
must not miss is in PostgreSQL, by seq.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol
from uuid import UUID, uuid4

import msgspec
from pydantic import BaseModel
from redis.exceptions import RedisError

from chat.entries import rendered
from supportdesk.redis import published, redis
from supportdesk.redis_link import BACKOFF_S, BROKEN, PUBLISH, Link, Outgoing

log = logging.getLogger(__name__)

_together: ContextVar[list[tuple[str, str]] | None] = ContextVar("pushes_together", default=None)

DESK = "desk"
EVERYONE = "everyone"
"""Every hub listens here: a resync for all sockets."""
CONFIRMED_WITHIN_S = 2.0
"""A subscription that Redis has not confirmed by then counts as made: if it is not, the link is about to break."""
SUBSCRIBE_MOST = 500
"""Channels in one command."""
MARK_CHARS = 8
NO_HUB = "-" * MARK_CHARS
"""The mark of a process without sockets."""


def of_conversation(conversation_id: UUID | str) -> str:
    """Both sides: messages, typing, read marks."""
    return f"c:{conversation_id}"


def of_desk_conversation(conversation_id: UUID | str) -> str:
    """Agents who joined it: notes."""
    return f"d:{conversation_id}"


def of_customer(customer_id: UUID | str) -> str:
    """One customer's own: snapshots, queue place."""
    return f"u:{customer_id}"


def of_agent(agent_id: int | str) -> str:
    """One agent's own: offers."""
    return f"a:{agent_id}"


Data = BaseModel | msgspec.Struct | dict[str, Any]


def frame(type: str, data: Data) -> str:  # noqa: A002  # the protocol's word
    return f'{{"type":"{type}","data":{body_of(data)}}}'


def body_of(data: Data) -> str:
    """As JSON."""
    if isinstance(data, msgspec.Struct):
        return rendered(data)
    return data.model_dump_json() if isinstance(data, BaseModel) else json.dumps(data)


def publish(channel: str, type: str, data: Data) -> None:  # noqa: A002  # the protocol's word
    """Sends a push to whoever listens, from any thread of any process. In a web process its hub takes it along."""
    together = _together.get()
    if together is not None:
        together.append((channel, NO_HUB + frame(type, data)))
        return
    text = frame(type, data)
    if _hub is not None and _hub.outgoing.is_alive():
        _hub.publish(channel, text)
        return
    try:
        published([(channel, NO_HUB + text)])
    except RedisError as error:
        _missed(error)


@contextmanager
def together() -> Iterator[None]:
    """What this thread publishes in the block leaves at its end, in one go: for whoever does one thing for many."""
    pushes: list[tuple[str, str]] = []
    token = _together.set(pushes)
    try:
        yield
    finally:
        _together.reset(token)
        try:
            published(pushes)
        except RedisError as error:
            _missed(error)


def _missed(error: RedisError) -> None:
    log.warning("a push was not published (%s); clients notice by seq", error.__class__.__name__)


def carry(*command: str | int) -> None:
    """Sends a command whose reply nobody wants: in a web process without waiting, by its hub's link.

    Raises:
        RedisError: there is no hub here, and Redis is away.
    """
    if _hub is not None and _hub.outgoing.is_alive():
        _hub.outgoing.put(*command)
    else:
        redis().execute_command(*command)  # type: ignore[no-untyped-call]  # as redis-py ships it


class Listener(Protocol):
    """A socket as the hub sees it. Both calls must return at once."""

    def deliver(self, text: str) -> None: ...
    def resync(self) -> None: ...


class Hub:
    """One subscribing and one publishing link per process, whatever the number of sockets."""

    def __init__(self) -> None:
        self.mark = uuid4().hex[:MARK_CHARS]
        self._loop = asyncio.get_running_loop()
        self._listeners: dict[str, set[Listener]] = {EVERYONE: set()}
        self._unconfirmed: dict[str, asyncio.Future[None]] = {}
        self._link: Link | None = None
        self._is_resync_due = False
        self._is_closing = False
        self._task = asyncio.create_task(self._run(), name="hub")
        self.outgoing = Outgoing(after_overflow=(PUBLISH, EVERYONE, "resync"))

    def publish(self, channel: str, text: str) -> None:
        """To the sockets of this process and of every other; from any thread."""
        if asyncio._get_running_loop() is self._loop:
            self._publish(channel, text)
        else:
            self._loop.call_soon_threadsafe(self._publish, channel, text)

    def _publish(self, channel: str, text: str) -> None:
        self.outgoing.put(PUBLISH, channel, self.mark + text)
        # One by one, after the answers given so far: an ok comes before its push, whatever else the turn publishes.
        self._loop.call_soon(self._tell, channel, text)

    def _tell(self, channel: str, text: str) -> None:
        for listener in tuple(self._listeners.get(channel, ())):
            try:
                listener.deliver(text)
            except Exception:  # a socket's own; the others hear it all the same
                log.exception("hub: a socket failed to take a push")

    async def join(self, channel: str, listener: Listener) -> None:
        """From the return on, pushes to `channel` reach the listener (or a resync, if Redis is away now)."""
        listeners = self._listeners.get(channel)
        if listeners is None:
            self._listeners[channel] = {listener}
            self._subscribe([channel])
        else:
            listeners.add(listener)
        confirmation = self._unconfirmed.get(channel)
        if confirmation is not None:
            await asyncio.wait([confirmation], timeout=CONFIRMED_WITHIN_S)

    def leave(self, channel: str, listener: Listener) -> None:
        listeners = self._listeners.get(channel)
        if listeners is None:
            return
        listeners.discard(listener)
        if not listeners and channel != EVERYONE:
            del self._listeners[channel]
            if self._link is not None:
                self._link.unsubscribe(channel)

    def _subscribe(self, channels: list[str]) -> None:
        if self._link is None:
            return
        for channel in channels:
            self._unconfirmed[channel] = self._loop.create_future()
        for start in range(0, len(channels), SUBSCRIBE_MOST):
            self._link.subscribe(channels[start : start + SUBSCRIBE_MOST])

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                self._link = await Link.open()
                if self._is_closing:  # a cancellation may be swallowed while the library connects
                    return
                self._subscribe(list(self._listeners))
                self._is_resync_due = True  # for who joined before there was a link, too
                while True:
                    for push in await self._link.heard():
                        self._heard(*push)
                    failures = 0
            except BROKEN as error:
                log.warning("hub: lost the subscribing link (%s)", type(error).__name__)
            except Exception:
                log.exception("hub: the subscribing link failed")
            if self._link is not None:
                await self._link.close()
            self._link = None
            self._confirm_all()
            await asyncio.sleep(BACKOFF_S[min(failures, len(BACKOFF_S) - 1)])
            failures += 1

    def _heard(self, kind: str, channel: str, content: Any) -> None:
        if kind == "message":
            if channel == EVERYONE:
                self._resync_all()
                return
            if not content.startswith(self.mark):
                self._tell(channel, content[MARK_CHARS:])
        elif kind == "subscribe":
            confirmation = self._unconfirmed.pop(channel, None)
            if confirmation is not None:
                confirmation.set_result(None)
            if self._is_resync_due and not self._unconfirmed:
                self._is_resync_due = False
                self._resync_all()
        elif kind == "unsubscribe" and channel in self._listeners and channel not in self._unconfirmed:
            raise RedisError("the channels are with another node now")

    def _confirm_all(self) -> None:
        for confirmation in self._unconfirmed.values():
            confirmation.set_result(None)
        self._unconfirmed.clear()

    def _resync_all(self) -> None:
        for listener in {listener for listeners in self._listeners.values() for listener in listeners}:
            listener.resync()

    async def close(self) -> None:
        """What was published has left; nothing is heard any more."""
        await self.outgoing.close()
        self._is_closing = True
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        if self._link is not None:
            await self._link.close()


_hub: Hub | None = None


def hub() -> Hub:
    """The hub of this process, made on its event loop at the first socket."""
    global _hub
    if _hub is None or _hub._loop is not asyncio.get_running_loop():
        _hub = Hub()
    return _hub
