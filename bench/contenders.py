"""Who is measured: each server's command and who sits before it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.cast import Cast, assigned
from bench.client import Seating
from bench.peers import node
from bench.stage import VAR, Server, Stage

UNLIMITED = {"SOCKET_RATE_FACTOR": "100000"}  # a closed loop is faster than a person: the bucket counts, and lets pass


@dataclass(frozen=True)
class Seats:
    customers: list[Seating]
    agents: list[Seating]


Prepare = Callable[[int], Callable[[str], Seats]]
"""From a number of pairs to what, given the server's ws:// address, yields their seats."""


@dataclass(frozen=True)
class Contender:
    name: str
    command: Callable[[int], list[str]]
    prepare: Prepare
    environment: dict[str, str]

    @contextmanager
    def serving(self, stage: Stage) -> Iterator[Server]:
        with stage.serving(self.name, self.command(stage.port), **self.environment) as server:
            yield server


def desk(port: int) -> list[str]:
    return [sys.executable, "-m", "supportdesk.serve"]


def desk_seats(pairs: int) -> Callable[[str], Seats]:
    cast: Cast = assigned(pairs, agents_for(pairs))
    return lambda ws: Seats(cast.customers(ws), cast.agent_seats(ws))


def agents_for(pairs: int) -> int:
    """One each for the usual number of pairs; more share agents, as in a desk."""
    return min(pairs, max(50, -(-pairs // 50)))


DESK_ON_DAPHNE, DESK_ON_UVICORN = (
    Contender(f"durable relay, {server}", desk, desk_seats, {**UNLIMITED, "SERVER": server})
    for server in ("daphne", "uvicorn")
)
OURS = (DESK_ON_DAPHNE, DESK_ON_UVICORN)


def stock_on_daphne(port: int) -> list[str]:
    words = ["-b", "127.0.0.1", "-p", str(port), "-v", "0", "--no-server-name"]
    return [sys.executable, "-m", "daphne", *words, "bench.peers.stock.asgi:application"]


def node_server(port: int) -> list[str]:
    return node.command(VAR)


def peer_seats(pairs: int) -> Callable[[str], Seats]:
    def seats(ws: str) -> Seats:
        customers, agents = (
            [(f"{ws}/ws/{number}/{who}/", dict[str, str](), list[str]()) for number in range(pairs)]
            for who in ("customer", "agent")
        )
        return Seats([*customers], [*agents])

    return seats


STOCK = {"DJANGO_SETTINGS_MODULE": "bench.peers.stock.settings"}
PEERS = (
    Contender("stock channels + orm, pubsub", stock_on_daphne, peer_seats, {**STOCK, "STOCK_LAYER": "pubsub"}),
    Contender("stock channels + orm, redis layer", stock_on_daphne, peer_seats, {**STOCK, "STOCK_LAYER": "redis"}),
    Contender("node ws + redis + pg", node_server, peer_seats, {"NODE_ENV": "production"}),
)
ALL = (*OURS, *PEERS)
