"""A full house: 5,000 customers and 200 agents keep their sockets while 300 messages a second flow, minute by minute.

Every message is followed to the end: sent, acknowledged, stored once with a seq that leaves no gap, delivered.
"""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from bench.cast import Cast, assigned
from bench.client import load_client
from bench.contenders import DESK_ON_DAPHNE, OURS
from bench.rows import Row
from bench.stage import CLIENT_CORES, Server, Stage

SOCKETS, AGENTS = 5_000, 200
SECONDS, MINUTE_S = 600, 60.0
RATE = 300
STORED = """
SELECT count(*), count(DISTINCT (m.conversation_id, m.client_id)),
  (SELECT sum(last_seq) FROM chat_conversation WHERE id = ANY(%s)),
  (SELECT count(*) FROM (SELECT conversation_id FROM chat_message WHERE conversation_id = ANY(%s)
    GROUP BY conversation_id HAVING max(seq) <> count(*)) gaps)
FROM chat_message m WHERE m.conversation_id = ANY(%s)
"""
LAG = 'supportdesk_event_loop_lag_seconds{quantile="0.99"} '

Tell = Callable[[str], None]
Minute = dict[str, float]


def run(
    stage: Stage,
    report: Tell,
    only: Sequence[str] = (DESK_ON_DAPHNE.name,),
    sockets: int = SOCKETS,
    seconds: int = SECONDS,
) -> list[Row]:
    """For each server: what was lost, what an ack took, memory and lag; `more` has the memory of every minute."""
    rows = []
    for one in [each for each in OURS if each.name in only]:
        cast = assigned(sockets, min(AGENTS, sockets))
        with one.serving(stage) as server, load_client(CLIENT_CORES) as client:
            client.sit([], cast.agent_seats(server.ws))
            seated = client.sit(cast.customers(server.ws), [])
            report(f"  {one.name}: {sockets} customers and {len(cast.agents)} agents in {seated['seconds']:.0f} s")
            minutes: list[Minute] = []
            for number in range(1, max(1, round(seconds / MINUTE_S)) + 1):
                figures = client.ask("open", rate=RATE, seconds=min(MINUTE_S, seconds))
                minutes.append(minute(figures, server))
                report(f"  minute {number}: " + ", ".join(f"{name} {value:g}" for name, value in minutes[-1].items()))
        rows += rows_of(one.name.removeprefix("durable relay, "), minutes, kept(cast))
    return rows


def minute(figures: Mapping[str, Any], server: Server) -> Minute:
    counts = ("sent", "acked", "delivered", "refused", "doubled")
    return {
        **{name: figures[name] for name in counts},
        "hung_up": sum(figures["hang_ups"].values()),
        "ack_p50_ms": figures["ack_ms"]["p50"],
        "ack_p99_ms": figures["ack_ms"]["p99"],
        "delivery_p99_ms": figures["delivery_ms"]["p99"],
        "rss_mb": round(server.rss_kb() / 1024, 1),
        "lag_p99_ms": lag_ms(server.url),
    }


def lag_ms(url: str) -> float:
    """The event loop's lag over the last five minutes, as the server itself knows it."""
    with urllib.request.urlopen(f"{url}/metrics", timeout=10) as answer:  # noqa: S310  # our own server
        lines: list[str] = answer.read().decode().splitlines()
    return next(float(line.removeprefix(LAG)) * 1000 for line in lines if line.startswith(LAG))


def kept(cast: Cast) -> dict[str, float]:
    """What the database says of the cast's conversations, which were empty before."""
    ids: list[UUID] = [one.id for one in cast.conversations]
    with connection.cursor() as cursor:
        cursor.execute(STORED, [ids, ids, ids])
        stored, distinct, last_seqs, gaps = cursor.fetchone()
    return {"stored": stored, "distinct": distinct, "last_seqs": int(last_seqs), "gaps": gaps}


def rows_of(server: str, minutes: Sequence[Minute], stored: Mapping[str, float]) -> list[Row]:
    def total(name: str) -> float:
        return sum(one[name] for one in minutes)

    def row(what: str, value: float, unit: str, **more: float) -> Row:
        return Row(f"{what}, {server}", round(value, 2), unit, None, None, len(minutes), more)

    memory = {f"minute_{number}": one["rss_mb"] for number, one in enumerate(minutes, 1)}
    wrong = total("doubled") + stored["stored"] - stored["distinct"] + stored["gaps"]
    acks = ("ack_p50_ms", "ack_p99_ms")
    p50, p99 = (sorted(one[name] for one in minutes)[len(minutes) // 2] for name in acks)
    return [
        Row(f"acked, {server}", total("acked"), "messages", p50, p99, len(minutes), {"sent": total("sent")}),
        row("acked but not stored", total("acked") - min(total("acked"), stored["distinct"]), "messages", **stored),
        row("acked but not delivered", total("acked") - total("delivered"), "messages"),
        row("doubled or out of order", wrong, "messages"),
        row("refused or hung up", total("refused") + minutes[-1]["hung_up"], "times"),
        row("memory", minutes[-1]["rss_mb"], "MB", **memory),
        row("event loop lag p99", max(one["lag_p99_ms"] for one in minutes), "ms"),
    ]
