"""A run as people read it, and as JSON."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from tests.faults.checker import KINDS
from tests.faults.run import Outcome

SHOWN_MOST = 20


def counts(outcome: Outcome) -> dict[str, int]:
    """Messages sent, acknowledged, tries beyond the first, `internal` answers, and what is stored."""
    acked = {ack.client_id for log in outcome.logs for ack in log.acked}
    sent = sum(len(log.posted) for log in outcome.logs)
    tries = sum(log.tries for log in outcome.logs)
    internal = sum(log.internal for log in outcome.logs)
    return {"sent": sent, "acked": len(acked), "retried": tries - sent, "internal": internal, "stored": outcome.stored}


def verdict(outcome: Outcome) -> dict[str, int]:
    found = Counter(violation.kind for violation in outcome.violations)
    return {kind: found[kind] for kind in KINDS}


def as_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "seed": outcome.seed,
        "seconds": round(outcome.seconds, 1),
        "settled_s": outcome.settled_s and round(outcome.settled_s, 2),
        "counts": counts(outcome),
        "verdict": verdict(outcome),
        "violations": [str(violation) for violation in outcome.violations],
        "faults": [
            {
                "fault": str(one.struck.fault),
                "kind": f"{one.struck.fault.kind} {one.struck.fault.target}",
                "began": round(one.struck.began, 2),
                "ended": round(one.struck.ended, 2),
                "missed": one.struck.missed,
                "silence": round(one.silence, 3),
                "first": round(one.first, 3),
                "whole": round(one.whole, 3),
            }
            for one in outcome.recoveries
        ],
    }


def lines(run: dict[str, Any]) -> Iterator[str]:
    """One run: the faults in their order, what became of the messages, and the verdict."""
    yield f"seed {run['seed']}: {run['seconds']} s"
    yield f"  {'at':>6}  {'fault':<28} {'silence':>8} {'first ok':>9} {'whole':>7}   seconds"
    for one in run["faults"]:
        times = f"{one['silence']:>8.2f} {one['first']:>9.2f} {one['whole']:>7.2f}"
        yield f"  {one['began']:>6.1f}  {one['fault']:<28} {times}   {one['missed']}"
    settled = "never" if run["settled_s"] is None else f"{run['settled_s']:.1f} s"
    yield f"  nothing overdue or unrouted {settled} after the last post"
    yield "  " + ", ".join(f"{word} {number}" for word, number in run["counts"].items())
    yield "  " + ", ".join(f"{kind} {number}" for kind, number in run["verdict"].items())
    yield from (f"  {violation}" for violation in run["violations"][:SHOWN_MOST])


def table(runs: Sequence[dict[str, Any]]) -> Iterator[str]:
    """All runs: how often each fault struck and how long people waited after it; then the verdict of all."""
    struck: dict[str, list[dict[str, Any]]] = {}
    for run in runs:
        for one in run["faults"]:
            if not one["missed"]:
                struck.setdefault(one["kind"], []).append(one)
    yield "| fault | times | silence median / most | first ok median / most | whole median / most |"
    yield "|---|---|---|---|---|"
    for kind, found in sorted(struck.items()):
        cells = [_median_and_most([one[name] for one in found]) for name in ("silence", "first", "whole")]
        yield f"| {kind} | {len(found)} | {' | '.join(cells)} |"
    yield ""
    total = Counter[str]()
    for run in runs:
        total.update(run["counts"])
    yield f"{len(runs)} runs: " + ", ".join(f"{word} {total[word]}" for word in total)
    verdicts = Counter[str]()
    for run in runs:
        verdicts.update(run["verdict"])
    yield ", ".join(f"{kind} {verdicts[kind]}" for kind in KINDS)


def _median_and_most(times: Sequence[float]) -> str:
    return f"{statistics.median(times):.2f} / {max(times):.2f}"
