"""The shorter ways in and out say what the library says, however the bytes arrive."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from websockets.client import ClientProtocol
from websockets.frames import Close, Frame, Opcode
from websockets.uri import parse_uri

from supportdesk.serve.frames import Outbox, ends_whole, framed, whole_text
from supportdesk.serve.uvicorn_socket import PromptSocket

PATIENCE_S = 20
TEXTS = ["", "a", "\u00e4\u4f60\U0001f600", "x" * 125, "y" * 126, "z" * 4_000, "w" * 70_000]


async def echo(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        if event.get("text") == "leave":
            await send({"type": "websocket.send", "text": "bye"})
            await send({"type": "websocket.close", "code": 4012})
        elif event.get("text") is not None:
            await send({"type": "websocket.send", "text": event["text"]})
        else:
            await send({"type": "websocket.send", "bytes": event["bytes"]})


class Peer:
    """A client that says which bytes leave together."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
        self._reader, self._writer = reader, writer
        self._protocol = ClientProtocol(parse_uri(f"ws://127.0.0.1:{port}/"), max_size=None)

    async def greet(self) -> None:
        self._protocol.send_request(self._protocol.connect())
        self.send(b"".join(self._protocol.data_to_send()))
        await self.hears(1)

    def bytes_of(self, frame: Frame) -> bytes:
        return frame.serialize(mask=True)

    def send(self, piece: bytes) -> None:
        self._writer.write(piece)

    async def hears(self, count: int) -> list[Any]:
        heard: list[Any] = []
        async with asyncio.timeout(PATIENCE_S):
            while len(heard) < count:
                piece = await self._reader.read(65_536)
                if not piece:
                    break
                self._protocol.receive_data(piece)
                heard += self._protocol.events_received()
        return heard

    def leave(self) -> None:
        self._writer.close()

    served: PromptSocket
    """The other end."""


@asynccontextmanager
async def peer() -> AsyncIterator[Peer]:
    config = uvicorn.Config(
        echo, port=0, ws=PromptSocket, ws_per_message_deflate=False, ws_ping_interval=None, lifespan="off",
        log_config=None, log_level="critical",
    )  # fmt: skip
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    port = server.servers[0].sockets[0].getsockname()[1]
    one = Peer(*await asyncio.open_connection("127.0.0.1", port), port)
    try:
        await one.greet()
        (one.served,) = server.server_state.connections  # type: ignore[assignment]  # of whichever protocol
        yield one
    finally:
        one.leave()
        await server.shutdown()


def text(words: str, *, fin: bool = True) -> Frame:
    return Frame(Opcode.TEXT, words.encode(), fin)


def test_a_frame_reads_as_it_was_written() -> None:
    for words in TEXTS:
        frame = text(words).serialize(mask=True)
        assert whole_text(frame) == (words if len(frame) <= 65_535 else None)
        assert ends_whole(frame + frame)
        assert not any(ends_whole(frame + frame[:cut]) for cut in range(1, min(len(frame), 20)))
        assert framed(words) == text(words).serialize(mask=False)
    for other in (
        text("a").serialize(mask=False), text("a", fin=False).serialize(mask=True),
        Frame(Opcode.BINARY, b"a").serialize(mask=True), Frame(Opcode.TEXT, b"\xff").serialize(mask=True),
        text("a").serialize(mask=True) * 2, text("a").serialize(mask=True)[:-1], b"", b"\x81",
    ):  # fmt: skip
        assert whole_text(other) is None


@pytest.mark.parametrize("seed", range(5))
async def test_whatever_arrives_together_or_in_parts_is_heard_in_order(seed: int) -> None:
    chance = random.Random(seed)
    async with peer() as one:
        said = [chance.choice(TEXTS) + str(n) for n in range(60)]
        stream = b"".join(one.bytes_of(text(words)) for words in said[:30])
        for words in said[30:]:  # one piece each, as nearly always
            one.send(one.bytes_of(text(words)))
            assert [bytes(e.data).decode() for e in await one.hears(1)] == [words]
        while stream:  # in parts
            cut = chance.choice([1, 2, 3, 7, 130, 5_000, 60_000])
            one.send(stream[:cut])
            stream = stream[cut:]
            await asyncio.sleep(0)
        assert [bytes(e.data).decode() for e in await one.hears(30)] == said[:30]


async def test_a_message_in_fragments_with_a_ping_between_is_one_message() -> None:
    async with peer() as one:
        one.send(one.bytes_of(text("hel", fin=False)))
        one.send(one.bytes_of(Frame(Opcode.PING, b"!")))
        assert [(e.opcode, bytes(e.data)) for e in await one.hears(1)] == [(Opcode.PONG, b"!")]
        one.send(one.bytes_of(Frame(Opcode.CONT, b"lo")))
        assert [bytes(e.data) for e in await one.hears(1)] == [b"hello"]


async def test_a_text_amid_fragments_breaks_the_protocol() -> None:
    async with peer() as one:
        one.send(one.bytes_of(text("hel", fin=False)))
        one.send(one.bytes_of(Frame(Opcode.PING, b"!")))
        await one.hears(1)
        one.send(one.bytes_of(text("whole")))
        (last,) = await one.hears(1)
        assert Close.parse(bytes(last.data)).code == 1002


async def test_what_is_no_text_ends_with_its_code() -> None:
    async with peer() as one:
        one.send(one.bytes_of(Frame(Opcode.TEXT, b"\xff\xfe")))
        (last,) = await one.hears(1)
        assert Close.parse(bytes(last.data)).code == 1007


async def test_pings_are_not_answered_to_a_reader_who_is_behind() -> None:
    async with peer() as one:
        one.served.pause_writing()
        one.served.data_received(one.bytes_of(Frame(Opcode.PING, b"!")))
        one.served.resume_writing()
        one.send(one.bytes_of(text("hello")))
        assert [bytes(e.data) for e in await one.hears(1)] == [b"hello"]


async def test_what_is_too_much_for_one_piece_leaves_within_the_turn() -> None:
    pieces: list[bytes] = []
    outbox = Outbox(pieces.append)
    said = ["x" * 30_000] * 5
    for words in said:
        outbox.put(words)
    assert [len(piece) // 30_000 for piece in pieces] == [3]
    await asyncio.sleep(0)
    assert [len(piece) // 30_000 for piece in pieces] == [3, 2]
    assert b"".join(pieces) == b"".join(map(framed, said))


async def test_what_was_said_before_a_close_comes_before_it() -> None:
    async with peer() as one:
        one.send(one.bytes_of(text("leave")))
        heard = await one.hears(2)
        assert bytes(heard[0].data) == b"bye"
        assert Close.parse(bytes(heard[1].data)).code == 4012
