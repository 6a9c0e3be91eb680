"""Coming back: 1,000 sockets cut and returning at once with their sessions, and a long conversation read in pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench.cast import Cast, assigned, command
from bench.client import Seating, load_client
from bench.contenders import OURS, Contender, agents_for
from bench.filling import fill
from bench.rows import Row, medians
from bench.stage import CLIENT_CORES, Stage

SOCKETS = 1_000
EARLIER, MISSED = 40, 3
"""Messages in each conversation, and how many of them came while the socket was away."""
LONG = 10_000
ROUNDS = 3

Tell = Callable[[str], None]


def run(
    stage: Stage, report: Tell, only: Sequence[str] = (), rounds: int = ROUNDS, sockets: int = SOCKETS
) -> list[Row]:
    cast = assigned(sockets, agents_for(sockets))
    fill([one.id for one in cast.conversations], EARLIER)
    long = assigned(1, 1)
    fill([long.conversations[0].id], LONG)
    rows = []
    for one in [each for each in OURS if not only or each.name in only]:
        runs = [measure(one, stage, cast, long) for _ in range(rounds)]
        report(f"  {one.name}: " + ", ".join(f"{name} {value:.1f}" for name, value in runs[-1].items()))
        rows += rows_of(one.name.removeprefix("durable relay, "), medians(runs), sockets, rounds)
    return rows


def measure(contender: Contender, stage: Stage, cast: Cast, long: Cast) -> dict[str, float]:
    with contender.serving(stage) as server, load_client(CLIENT_CORES) as client:
        client.sit(joining(cast, server.ws), [])
        back = client.ask("cut_and_return")
        client.ask("leave")
        client.sit(long.customers(server.ws), [])
        pages = client.ask("pages", conversation_id=str(long.conversations[0].id))
    assert pages["messages"] == LONG, pages
    return {
        "back": back["seated"],
        "all_back_s": back["seconds"],
        "back_p50_ms": back["ms"]["p50"],
        "back_p99_ms": back["ms"]["p99"],
        "read_per_s": pages["messages"] / pages["seconds"],
        "page_p50_ms": pages["ms"]["p50"],
        "page_p99_ms": pages["ms"]["p99"],
    }


def joining(cast: Cast, ws: str) -> list[Seating]:
    after = EARLIER - MISSED
    return [
        (url, headers, [*greeting, command("conversation.join", conversation_id=str(one.id), after_seq=after)])
        for (url, headers, greeting), one in zip(cast.customers(ws), cast.conversations, strict=True)
    ]


def rows_of(server: str, found: dict[str, float], sockets: int, rounds: int) -> list[Row]:
    more = {} if found["back"] == sockets else {"not back": sockets - found["back"]}
    back = (round(found["all_back_s"], 2), "s", found["back_p50_ms"], found["back_p99_ms"], rounds, more)
    read = (round(found["read_per_s"], 1), "messages/s", found["page_p50_ms"], found["page_p99_ms"], rounds)
    return [
        Row(f"{sockets} sockets back, {server}", *back),
        Row(f"{LONG} messages joined in pages, {server}", *read),
    ]
