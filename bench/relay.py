"""A customer's message to the agent: durable before its ok, and delivered. 50 pairs in a closed loop, then 300/s.

One message of each pair is under way; the next leaves when the last is both acknowledged and delivered. Contenders
take turns, so that a noisy minute is nobody's alone; figures are medians over the rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bench.client import load_client
from bench.contenders import ALL, OURS, Contender
from bench.rows import Row, medians, ratio
from bench.stage import CLIENT_CORES, Stage
from bench.tally import TRICKLE_RATE, TRICKLE_S, transactions

PAIRS = 50
SECONDS, WARM_UP_S, STEADY_S = 5.0, 2.0, 5.0
STEADY_RATE = 300
ROUNDS = 3

Tell = Callable[[str], None]
Figures = dict[str, Any]


def run(stage: Stage, report: Tell, only: Sequence[str] = (), rounds: int = ROUNDS) -> list[Row]:
    """A row of full load and one of the steady rate for each contender, then the ratios of ours to the others."""
    contenders = [one for one in ALL if not only or one.name in only]
    runs: dict[str, list[tuple[Figures, Figures]]] = {one.name: [] for one in contenders}
    for number in range(1, rounds + 1):
        for one in contenders:
            full, steady = measure(one, stage)
            runs[one.name].append((full, steady))
            report(f"  round {number}, {one.name}: {said(full)}; at {STEADY_RATE}/s {said(steady)}")
    full_rows = [row_of(name, [full for full, _ in seen]) for name, seen in runs.items()]
    steady_rows = [row_of(f"{name}, {STEADY_RATE}/s", [steady for _, steady in seen]) for name, seen in runs.items()]
    return full_rows + steady_rows + ratios(full_rows)


def measure(contender: Contender, stage: Stage) -> tuple[Figures, Figures]:
    seats = contender.prepare(PAIRS)
    with contender.serving(stage) as server, load_client(CLIENT_CORES) as client:
        at = seats(server.ws)
        client.sit(at.customers, at.agents)
        client.ask("open", rate=TRICKLE_RATE, seconds=TRICKLE_S)  # caches are warm, plans are made
        before, spent = transactions(), server.cpu_s()
        full = client.ask("closed", seconds=SECONDS, warm_up=WARM_UP_S)
        spent = server.cpu_s() - spent
        trickle = client.ask("open", rate=TRICKLE_RATE, seconds=TRICKLE_S)
        full["transactions"] = (transactions() - before) / (full["sent"] + trickle["sent"])
        full["server_cpu_us"] = spent / full["sent"] * 1e6
        return full, client.ask("open", rate=STEADY_RATE, seconds=STEADY_S)


def row_of(name: str, runs: Sequence[Figures]) -> Row:
    found = medians([flat(one) for one in runs])
    value, p50, p99 = (found.pop(key) for key in ("acked_per_s", "ack_p50_ms", "ack_p99_ms"))
    return Row(name, round(value, 1), "messages/s", p50, p99, len(runs), found)


def flat(figures: Figures) -> dict[str, float]:
    """One run's figures by name. What should be none is named only where there was some."""
    ack, delivery = figures["ack_ms"], figures["delivery_ms"]
    found = {
        "acked_per_s": figures["acked"] / figures["seconds"],
        "ack_p50_ms": ack["p50"],
        "ack_p99_ms": ack["p99"],
        "delivered_per_s": figures["delivered"] / figures["seconds"],
        "delivery_p50_ms": delivery["p50"],
        "delivery_p99_ms": delivery["p99"],
    }
    costs = {name: figures[name] for name in ("transactions", "server_cpu_us") if name in figures}
    wrong = {name: figures[name] for name in ("unacked", "undelivered", "refused", "doubled") if figures[name]}
    return found | costs | wrong


def said(figures: Figures) -> str:
    found = flat(figures)
    wrong = "".join(f", {found[name]:g} {name}" for name in ("unacked", "undelivered", "refused") if name in found)
    return (
        f"{found['acked_per_s']:.0f}/s acked, p50 {found['ack_p50_ms']:.1f} p99 {found['ack_p99_ms']:.1f} ms, "
        f"delivery p50 {found['delivery_p50_ms']:.1f} p99 {found['delivery_p99_ms']:.1f} ms{wrong}"
    )


def ratios(rows: Sequence[Row]) -> list[Row]:
    ours = {one.name for one in OURS}
    return [ratio(one, other) for one in rows if one.name in ours for other in rows if other.name not in ours]
