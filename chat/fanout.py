"""Pushes on their way to sockets: channels, `publish` for everybody, and the hub of a web process.

Redis pub/sub may lose a push: a hub that lost its link tells its sockets to resync once it is back, and what could
not be published is kept and sent then. What a client must not miss is in PostgreSQL, by seq.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import deque
from typing import Any, Protocol
from uuid import UUID

from pydantic import BaseModel
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from supportdesk.redis import async_redis, redis, subscriber

log = logging.getLogger(__name__)

DESK = "desk"
EVERYONE = "everyone"
"""Every hub listens here: a resync for all sockets."""
KEPT_MOST = 20_000
BACKOFF_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0)
QUIET_S = 5.0
"""A link that was quiet this long is pinged; one that does not answer for as long again is made anew."""


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


def frame(type: str, data: BaseModel | dict[str, Any]) -> str:  # noqa: A002  # the protocol's word
    body = data.model_dump_json() if isinstance(data, BaseModel) else json.dumps(data)
    return f'{{"type":"{type}","data":{body}}}'


def publish(channel: str, type: str, data: BaseModel | dict[str, Any]) -> None:  # noqa: A002  # the protocol's word
    """Sends a push to whoever listens, from any thread of any process. In a web process its hub takes it along."""
    text = frame(type, data)
    if _hub is not None and _hub.is_alive():
        _hub.publish_soon(channel, text)
        return
    try:
        redis().publish(channel, text)
    except RedisError as error:
        log.warning("a push was not published (%s); clients notice by seq", type_name(error))


def type_name(error: BaseException) -> str:
    return type(error).__name__


class Listener(Protocol):
    """A socket as the hub sees it. Both calls must return at once."""

    def deliver(self, text: str) -> None: ...
    def resync(self) -> None: ...


class Hub:
    """One subscribing and one publishing link per process, whatever the number of sockets."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._listeners: dict[str, set[Listener]] = {EVERYONE: set()}
        self._outgoing: deque[tuple[str, str]] = deque()
        self._overflowed = False
        self._wake = asyncio.Event()
        self._link: PubSub | None = None
        self._tasks = [
            asyncio.create_task(self._listen(), name="hub listen"),
            asyncio.create_task(self._send(), name="hub send"),
        ]

    def is_alive(self) -> bool:
        return not self._loop.is_closed()

    # --- Listening ---

    async def join(self, channel: str, listener: Listener) -> None:
        """From the return on, pushes to `channel` reach the listener (or a resync, if Redis is away now)."""
        listeners = self._listeners.get(channel)
        if listeners is not None:
            listeners.add(listener)
            return
        self._listeners[channel] = {listener}
        if self._link is not None:
            with contextlib.suppress(RedisError, OSError):  # the listening task sees it too and subscribes all anew
                await self._link.subscribe(channel)

    async def leave(self, channel: str, listener: Listener) -> None:
        listeners = self._listeners.get(channel)
        if listeners is None:
            return
        listeners.discard(listener)
        if not listeners and channel != EVERYONE:
            del self._listeners[channel]
            if self._link is not None:
                with contextlib.suppress(RedisError, OSError):  # a link that broke has no subscriptions
                    await self._link.unsubscribe(channel)

    async def _listen(self) -> None:
        failures = 0
        was_lost = False
        while True:
            client = subscriber()
            try:
                link = client.pubsub()
                await link.subscribe(*self._listeners)
                await link.get_message(timeout=QUIET_S)
                self._link, failures = link, 0
                for channel in list(self._listeners):  # joined while the link was being made
                    await link.subscribe(channel)
                if was_lost:
                    self._resync_all()
                await self._read(link)
            except (TimeoutError, RedisError, OSError) as error:
                log.warning("hub: lost the subscribing link (%s)", type_name(error))
            except Exception:
                log.exception("hub: the subscribing link failed")
            self._link, was_lost = None, True
            with contextlib.suppress(Exception):  # broken already
                await client.aclose()
            await asyncio.sleep(BACKOFF_S[min(failures, len(BACKOFF_S) - 1)])
            failures += 1

    async def _read(self, link: PubSub) -> None:
        is_pinged = False
        while True:
            found = await link.get_message(timeout=QUIET_S)
            if found is None:
                if is_pinged:
                    raise TimeoutError
                is_pinged = True
                await link.ping()
                continue
            is_pinged = False
            if found["type"] != "message":
                continue
            channel, text = found["channel"], found["data"]
            if channel == EVERYONE:
                self._resync_all()
                continue
            for listener in tuple(self._listeners.get(channel, ())):
                listener.deliver(text)

    def _resync_all(self) -> None:
        for listener in {listener for listeners in self._listeners.values() for listener in listeners}:
            listener.resync()

    # --- Publishing ---

    def publish_soon(self, channel: str, text: str) -> None:
        """Thread-safe; kept until Redis has it."""
        self._loop.call_soon_threadsafe(self._take, channel, text)

    def _take(self, channel: str, text: str) -> None:
        if len(self._outgoing) >= KEPT_MOST:
            self._outgoing.popleft()
            self._overflowed = True
        self._outgoing.append((channel, text))
        self._wake.set()

    async def _send(self) -> None:
        failures = 0
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._outgoing:
                batch = [self._outgoing.popleft() for _ in range(min(len(self._outgoing), 500))]
                try:
                    pipe = async_redis().pipeline(transaction=False)
                    for channel, text in batch:
                        pipe.publish(channel, text)
                    if self._overflowed:
                        pipe.publish(EVERYONE, "resync")
                    await pipe.execute()
                    self._overflowed, failures = False, 0
                except (TimeoutError, RedisError, OSError) as error:
                    self._outgoing.extendleft(reversed(batch))
                    if failures == 0:
                        log.warning("hub: cannot publish (%s), keeping %d", type_name(error), len(self._outgoing))
                    await asyncio.sleep(BACKOFF_S[min(failures, len(BACKOFF_S) - 1)])
                    failures += 1

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


_hub: Hub | None = None


def hub() -> Hub:
    """The hub of this process, made on its event loop at the first socket."""
    global _hub
    if _hub is None or _hub._loop is not asyncio.get_running_loop():
        _hub = Hub()
    return _hub
