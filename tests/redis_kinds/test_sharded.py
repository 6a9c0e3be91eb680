"""A Cluster whose servers know sharded pub/sub: pushes stay with one node, whoever publishes, and follow its slot."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from pytest_django import Settings
from redis.crc import key_slot

from chat.fanout import Hub, publish
from supportdesk.redis import words
from supportdesk.redis_pubsub import SHARDED
from tests.redis_kinds import rig as rigs
from tests.redis_kinds.hearing import Ear
from tests.redis_kinds.rig import Node, Rig, until

SLOT = key_slot(SHARDED.tag.encode())


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with rigs.rig(tmp_path_factory.mktemp("sharded"), rigs.valkey_server()) as made:
        rigs.cluster(made)
        yield made


@pytest.fixture(autouse=True)
def _on_it(nodes: Rig, settings: Settings) -> None:
    settings.REDIS_URL = nodes.cluster_url


def keeper(nodes: Rig) -> Node:
    (found,) = [node for node in nodes.nodes if channels_of(node)]
    return found


def channels_of(node: Node) -> list[str]:
    found: list[str] = node.client.execute_command("PUBSUB SHARDCHANNELS")  # type: ignore[no-untyped-call]  # as redis-py ships it
    return found


def passed_on(nodes: Rig) -> int:
    """Pushes that the nodes told one another."""
    told = [node.client.execute_command("CLUSTER INFO") for node in nodes.nodes]  # type: ignore[no-untyped-call]  # as redis-py ships it
    return sum(int(each.get("cluster_stats_messages_publish_sent", 0)) for each in told)


async def test_pushes_are_heard_everywhere_and_pass_through_one_node(nodes: Rig) -> None:
    hubs, ears = [Hub() for _ in range(4)], [Ear() for _ in range(4)]
    try:
        for number, (hub, ear) in enumerate(zip(hubs, ears, strict=True)):
            await hub.join("c:1", ear)
            await hub.join(f"u:{number}", ear)
        for hub in hubs:
            for ear in ears:
                ear.heard.clear()
            for ear in ears:
                await ear.hears("hello", hub, "c:1")
        assert set(channels_of(keeper(nodes))) >= {f"{SHARDED.tag}c:1", f"{SHARDED.tag}u:3"}
        assert passed_on(nodes) == 0
        hubs[3].leave("u:3", ears[3])
        until(lambda: f"{SHARDED.tag}u:3" not in channels_of(keeper(nodes)), "the channel is still listened to")
    finally:
        for hub in hubs:
            await hub.close()


@asynccontextmanager
async def talking(channel: str) -> AsyncIterator[tuple[Hub, Ear]]:
    """A hub, and who hears by another what it says on the channel."""
    speaker, listener, ear = Hub(), Hub(), Ear()
    try:
        await listener.join(channel, ear)
        await ear.hears("before", speaker, channel)
        yield speaker, ear
    finally:
        await speaker.close()
        await listener.close()


async def test_what_a_worker_publishes_is_heard() -> None:
    async with talking("c:2") as (speaker, ear):
        ear.heard.clear()
        publish("c:2", "ping", {"n": 1})
        await ear.hears("later", speaker, "c:2")
        assert next(text for text in ear.heard if text != "before") == '{"type":"ping","data":{"n": 1}}'


async def test_a_hub_follows_the_slot_to_another_node(nodes: Rig) -> None:
    async with talking("c:3") as (speaker, ear):
        old = keeper(nodes)
        new = next(node for node in nodes.nodes if node is not old)
        rigs.move_slot(nodes, SLOT, new)
        await ear.hears("after", speaker, "c:3")
        assert keeper(nodes) is new
        assert ear.resyncs


def test_it_says_which_words_it_has() -> None:
    assert words() is SHARDED
