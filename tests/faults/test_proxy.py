"""The proxy passes bytes as they are, and breaks the network the way networks break."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator

import pytest

from tests.faults.proxy import Proxy, Spell

Link = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    """Before two servers that repeat what they hear, after their own number."""

    def echo(number: int) -> object:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"%d" % number)
            while chunk := await reader.read(100):
                writer.write(chunk)
            writer.close()

        return serve

    servers = [await asyncio.start_server(echo(n), "127.0.0.1", 0) for n in range(2)]  # type: ignore[arg-type]  # a coroutine function
    made = Proxy([server.sockets[0].getsockname()[1] for server in servers], random.Random(1))
    await made.start()
    yield made
    await made.stop()
    for server in servers:
        server.close()
        await server.wait_closed()


async def connected(proxy: Proxy) -> tuple[int, Link]:
    """The node's number, and the link."""
    link = await asyncio.open_connection("127.0.0.1", proxy.port)
    return int(await link[0].readexactly(1)), link


async def hears(link: Link, what: bytes) -> bytes:
    link[1].write(what)
    return await link[0].readexactly(len(what))


async def test_connections_go_to_the_nodes_in_turn(proxy: Proxy) -> None:
    links = [await connected(proxy) for _ in range(4)]
    assert sorted(node for node, _ in links) == [0, 0, 1, 1]
    assert await hears(links[0][1], b"hello") == b"hello"
    for _, (_, writer) in links:
        writer.close()


async def test_a_cut_ends_the_links_of_its_node_and_leaves_the_others(proxy: Proxy) -> None:
    links = dict([await connected(proxy) for _ in range(2)])
    spell = Spell("cut", node=0)
    proxy.begin(spell)
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await hears(links[0], b"hello")
    assert await hears(links[1], b"hello") == b"hello"
    assert [(await connected(proxy))[0] for _ in range(3)] == [1, 1, 1]
    proxy.end(spell)


async def test_a_stalled_link_passes_nothing_and_ends_for_nobody_until_it_is_over(proxy: Proxy) -> None:
    _, link = await connected(proxy)
    spell = Spell("stall")
    proxy.begin(spell)
    answer = asyncio.create_task(hears(link, b"hello"))
    done, _ = await asyncio.wait({answer}, timeout=0.2)
    assert not done
    proxy.end(spell)
    assert await answer == b"hello"


async def test_a_link_that_lost_bytes_is_cut_when_the_loss_ends(proxy: Proxy) -> None:
    _, link = await connected(proxy)
    _, other = await connected(proxy)
    spell = Spell("drop")
    proxy.begin(spell)
    link[1].write(b"lost")
    while not any(one.has_lost for one in proxy.links):  # noqa: ASYNC110  # the proxy tells nobody, as networks do
        await asyncio.sleep(0)
    proxy.end(spell)
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await link[0].readexactly(1)
    assert await hears(other, b"hello") == b"hello"


async def test_a_delayed_link_keeps_the_order(proxy: Proxy) -> None:
    _, link = await connected(proxy)
    proxy.begin(Spell("delay"))
    link[1].write(b"one ")
    link[1].write(b"two")
    assert await link[0].readexactly(7) == b"one two"
