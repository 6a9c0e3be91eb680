"""A customer's question to the bot: post -> ok, post -> routed and post -> the bot's answer, at growing rates.

Routed is read from the database: from the message's posted_at, taken before it is stored, to its decision's decided_at.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.db import connection

from bench.cast import Cast, with_bot
from bench.client import load_client
from bench.rows import Row, medians, rank
from bench.stage import CORES
from chat.actions import close
from chat.facts import DESK
from chat.lifecycle import IllegalTransition, State
from chat.models import Conversation, Inbox

RATES = (10, 50, 100, 200, 300)
CUSTOMERS = 600
SECONDS, ROUNDS = 8.0, 3
WARM_UP_RATE, WARM_UP_S = 50, 4.0
RUN_LETTERS = 14
ROUTED = """
SELECT extract(epoch FROM d.decided_at - m.posted_at) * 1000 FROM chat_message m
JOIN routing_decision d ON d.conversation_id = m.conversation_id AND d.upto_seq = m.seq
JOIN chat_conversation c ON c.id = m.conversation_id
WHERE c.customer_id = ANY(%s) AND m.author_kind = 'customer' AND starts_with(m.client_id, %s)
"""

Tell = Callable[[str], None]


def run(url: str, report: Tell, rounds: int = ROUNDS, rates: Sequence[int] = RATES) -> list[Row]:
    """Three rows a rate; `more` of the first says what went wrong, where something did."""
    cast = with_bot(Inbox.objects.order_by("id")[0], CUSTOMERS)
    seen: dict[int, list[dict[str, float]]] = {rate: [] for rate in rates}
    try:
        with load_client(set(CORES)) as client:
            client.sit(cast.customers(url.replace("http", "ws", 1)), [])
            client.ask("ask_bot", rate=WARM_UP_RATE, seconds=WARM_UP_S, run=run_name())
            for number in range(1, rounds + 1):
                for rate in rates:
                    renew(cast)
                    name = run_name()
                    found = flat(client.ask("ask_bot", rate=rate, seconds=SECONDS, run=name), routed_ms(cast, name))
                    seen[rate].append(found)
                    report(f"  {rate}/s, round {number}: " + ", ".join(f"{k} {v:g}" for k, v in found.items()))
    finally:
        renew(cast)
        end(cast.conversations)
    return [row for rate, runs in seen.items() for row in rows_of(rate, runs)]


def routed_ms(cast: Cast, name: str) -> list[float]:
    with connection.cursor() as cursor:
        cursor.execute(ROUTED, [[one.customer_id for one in cast.conversations], name])
        return sorted(float(took) for (took,) in cursor.fetchall())


def flat(figures: Mapping[str, Any], routed: Sequence[float]) -> dict[str, float]:
    found = {"ok_per_s": figures["acked"] / figures["seconds"], "routed_per_s": len(routed) / figures["seconds"]}
    found["answered_per_s"] = (figures["sent"] - figures["unanswered"]) / figures["seconds"]
    for what, times in (("ok", figures["ack_ms"]), ("answered", figures["answer_ms"])):
        found |= {f"{what}_{share}_ms": times[share] for share in ("p50", "p99") if share in times}
    if routed:
        found |= {"routed_p50_ms": rank(routed, 0.5), "routed_p99_ms": rank(routed, 0.99)}
    return found | {name: figures[name] for name in ("late", "refused", "unanswered") if figures[name]}


def rows_of(rate: int, runs: Sequence[Mapping[str, float]]) -> list[Row]:
    found = medians(runs)
    return [
        Row(
            f"{what}, {rate}/s",
            round(found[f"{what}_per_s"], 1),
            "messages/s",
            found.get(f"{what}_p50_ms"),
            found.get(f"{what}_p99_ms"),
            len(runs),
            {name: found[name] for name in ("late", "refused", "unanswered") if name in found and what == "ok"},
        )
        for what in ("ok", "routed", "answered")
    ]


def run_name() -> str:
    return uuid4().hex[:RUN_LETTERS]


def renew(cast: Cast) -> None:
    """A conversation that was handed to people is closed, so that the customer's next question goes to the bot."""
    with_people = Conversation.objects.open().filter(customer__in=[one.customer_id for one in cast.conversations])
    end(with_people.exclude(state=State.BOT))


def end(conversations: Iterable[Conversation]) -> None:
    for conversation in conversations:
        with contextlib.suppress(IllegalTransition):
            close(conversation_id=conversation.id, actor=DESK, why="the bench is over")
