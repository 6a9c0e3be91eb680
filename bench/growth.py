"""Does it stay as fast? Relay throughput as stored messages, conversations and sockets grow, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import connection

from bench.cast import Cast, assigned
from bench.client import load_client
from bench.contenders import OURS, Contender, agents_for
from bench.filling import fill, settle
from bench.plot import draw
from bench.relay import Figures, row_of
from bench.rows import KEPT_IN, Row
from bench.stage import CLIENT_CORES, Stage
from chat.models import Conversation

MESSAGES_TO = 7
"""The highest power of ten; the lowest is 4."""
CONVERSATIONS = (100, 1_000, 10_000, 100_000)
SOCKETS = (100, 1_000, 5_000)
PAIRS = 50
"""Write to each other, whoever else is connected."""
PER_CONVERSATION = 1_000
SECONDS, WARM_UP_S = 4.0, 1.5
ROUNDS = 3

Tell = Callable[[str], None]


def run(
    stage: Stage, report: Tell, only: Sequence[str] = (), rounds: int = ROUNDS, messages_to: int = MESSAGES_TO
) -> list[Row]:
    """A row a point and server, and one for each last point in relation to the first; draws growth.svg."""
    rows: list[Row] = []
    points: dict[tuple[str, str], list[tuple[int, Row]]] = {}

    def measured(kind: str, size: int, customers: int = PAIRS) -> None:
        for one in OURS:
            if not only or one.name in only:
                row = row_of(f"{one.name}, {size} {kind}", measure(one, stage, customers, rounds))
                points.setdefault((kind, one.name), []).append((size, row))
                rows.append(row)
                report(f"  {row.name}: {row.value:.0f}/s, ack p99 {row.p99_ms} ms")

    for sockets in SOCKETS:
        measured("sockets", sockets, sockets - agents_for(sockets // 2))
    for count in CONVERSATIONS:
        if (missing := count - Conversation.objects.count()) > 0:
            assigned(missing, 1)
        settle()
        measured("conversations", count)
    for power in range(4, messages_to + 1):
        store(10**power, report)
        measured("messages", 10**power)
    drawn = draw({key: [(size, row.value) for size, row in seen] for key, seen in points.items()}, KEPT_IN)
    report(f"drawn to {drawn}")
    return rows + [flatness(kind, name, seen) for (kind, name), seen in points.items()]


def measure(one: Contender, stage: Stage, customers: int, rounds: int) -> list[Figures]:
    """The first `PAIRS` customers write, the others sit there."""
    cast: Cast = assigned(customers, agents_for(customers))
    with one.serving(stage) as server, load_client(CLIENT_CORES) as client:
        client.sit([], cast.agent_seats(server.ws))
        client.sit(cast.customers(server.ws), [])
        client.ask("closed", seconds=WARM_UP_S, warm_up=0.0, pairs=PAIRS)
        return [client.ask("closed", seconds=SECONDS, warm_up=0.0, pairs=PAIRS) for _ in range(rounds)]


def store(messages: int, report: Tell) -> None:
    """So many at least, in conversations of their own."""
    missing = messages - stored()
    if missing > 0:
        conversations = assigned(-(-missing // PER_CONVERSATION), 1).conversations
        fill([one.id for one in conversations], PER_CONVERSATION, lambda done: report(f"  {done} more are stored"))
    settle()


def stored() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM chat_message")
        (count,) = cursor.fetchone()
    return int(count)


def flatness(kind: str, name: str, seen: Sequence[tuple[int, Row]]) -> Row:
    (least, first), (most, last) = seen[0], seen[-1]
    value = round(last.value / first.value, 2)
    return Row(f"{name}: {most} {kind} / {least}", value, "x", None, None, last.runs)
