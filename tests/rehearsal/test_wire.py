"""The kept socket, against a real WebSocket server that drops, stays silent and refuses."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from supportdesk.rehearsal.wire import DeskGone, Link, Refused

Answer = Callable[[ServerConnection, dict[str, Any]], Awaitable[None]]


async def ok(socket: ServerConnection, frame: dict[str, Any]) -> None:
    await socket.send(json.dumps({"id": frame["id"], "ok": True, "data": {"echo": frame["data"]}}))


async def refuse(socket: ServerConnection, frame: dict[str, Any], code: str) -> None:
    error = {"code": code, "message": code, "retry_after_ms": 1}
    await socket.send(json.dumps({"id": frame["id"], "ok": False, "error": error}))


@asynccontextmanager
async def linked(answer: Answer, *, patience_s: float = 5.0) -> AsyncIterator[Link]:
    async def serve_one(socket: ServerConnection) -> None:
        async for raw in socket:
            frame = json.loads(raw)
            await (ok if frame["type"] == "session.open" else answer)(socket, frame)

    async def greet() -> None:
        await link.ask("session.open", {})

    async with serve(serve_one, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        link = Link(
            f"ws://127.0.0.1:{port}/",
            origin="http://localhost",
            greet=greet,
            hear=lambda kind, data: None,
            patience_s=patience_s,
        )
        async with link:
            await link.up()
            yield link


async def test_a_drop_before_the_answer_sends_the_same_again_on_a_new_socket() -> None:
    seen: list[dict[str, Any]] = []

    async def drop_first(socket: ServerConnection, frame: dict[str, Any]) -> None:
        seen.append(frame["data"])
        if len(seen) == 1:
            socket.transport.abort()
        else:
            await ok(socket, frame)

    async with linked(drop_first) as link:
        assert await link.insist("message.post", {"client_id": "ana-00001"}) == {"echo": {"client_id": "ana-00001"}}
        assert seen == [{"client_id": "ana-00001"}] * 2
        assert link.connects == 2


async def test_a_passing_refusal_is_tried_again_on_the_same_socket() -> None:
    tries = 0

    async def busy_once(socket: ServerConnection, frame: dict[str, Any]) -> None:
        nonlocal tries
        tries += 1
        await (refuse(socket, frame, "rate_limited") if tries == 1 else ok(socket, frame))

    async with linked(busy_once) as link:
        await link.insist("message.post", {})
        assert (tries, link.connects) == (2, 1)


async def test_a_final_refusal_is_raised_with_its_code() -> None:
    async with linked(lambda socket, frame: refuse(socket, frame, "empty_text")) as link:
        with pytest.raises(Refused, match="empty_text"):
            await link.insist("message.post", {})


async def test_a_silent_server_is_left_and_the_command_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supportdesk.rehearsal.wire.REPLY_TIMEOUT_S", 0.1)
    tries = 0

    async def silent_once(socket: ServerConnection, frame: dict[str, Any]) -> None:
        nonlocal tries
        tries += 1
        if tries > 1:
            await ok(socket, frame)

    async with linked(silent_once) as link:
        await link.insist("message.post", {})
        assert (tries, link.connects) == (2, 2)


async def test_a_desk_that_stays_away_ends_the_client_with_a_reason() -> None:
    async with linked(ok, patience_s=0.3) as link:
        link.url = "ws://127.0.0.1:9/"
        await link.hang_up()
        with pytest.raises(DeskGone, match=r"not to be reached for 0 s"):
            async with asyncio.timeout(10):
                await link.insist("message.post", {})
