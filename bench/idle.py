"""What an idle socket costs: the server's memory per open session, and how many are opened in a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from bench.client import load_client
from bench.contenders import OURS, PEERS, Contender
from bench.rows import Row, medians
from bench.stage import CLIENT_CORES, Stage

SOCKETS, FIRST = 3_000, 200
"""The first ones make the server load what it needs once; they are not counted."""
SETTLE_S = 4.0
ROUNDS = 1
IDLERS = (*OURS, PEERS[0])

Tell = Callable[[str], None]


def run(
    stage: Stage, report: Tell, only: Sequence[str] = (), rounds: int = ROUNDS, sockets: int = SOCKETS
) -> list[Row]:
    rows = []
    for one in [idler for idler in IDLERS if not only or idler.name in only]:
        runs = [measure(one, stage, sockets) for _ in range(rounds)]
        report(f"  {one.name}: " + ", ".join(f"{name} {value:.1f}" for name, value in runs[-1].items()))
        found = medians(runs)
        rows += [
            Row(f"idle socket, {one.name}", round(found["kb"], 1), "KB", None, None, rounds),
            Row(
                f"sessions opened, {one.name}",
                round(found["per_s"], 1),
                "sockets/s",
                found["open_p50_ms"],
                found["open_p99_ms"],
                rounds,
            ),
        ]
    return rows


def measure(contender: Contender, stage: Stage, sockets: int) -> dict[str, float]:
    seats = contender.prepare(FIRST + sockets)
    with contender.serving(stage) as server, load_client(CLIENT_CORES) as client:
        customers = seats(server.ws).customers
        client.sit(customers[:FIRST], [])
        time.sleep(SETTLE_S)
        before = server.rss_kb()
        figures = client.sit(customers[FIRST:], [])
        time.sleep(SETTLE_S)
        return {
            "kb": (server.rss_kb() - before) / sockets,
            "per_s": sockets / figures["seconds"],
            "open_p50_ms": figures["each_ms"]["p50"],
            "open_p99_ms": figures["each_ms"]["p99"],
        }
