"""Erlang's formulas: what waits are where arrivals and endings are random and all agents are alike. Pure.

Erlang C (everybody waits; A. K. Erlang, 1917) and Erlang A (who waits may leave; C. Palm, 1957). The simulation is
held against them.
"""

from __future__ import annotations

from dataclasses import dataclass

TINY = 1e-15
"""States less likely than this share of the likeliest one are left out."""


@dataclass(frozen=True, slots=True)
class Expected:
    """`wait_s`: mean seconds until an agent or leaving, over all; `left`: the share that leaves."""

    must_wait: float
    wait_s: float
    left: float


def erlang_c(*, arrivals_per_s: float, handling_s: float, agents: int) -> Expected:
    """Raises ValueError where the queue would grow without end."""
    offered = arrivals_per_s * handling_s
    if offered >= agents:
        raise ValueError("more arrives than the agents can handle")
    blocked = 1.0  # Erlang B by its recursion, which does not overflow
    for n in range(1, agents + 1):
        blocked = offered * blocked / (n + offered * blocked)
    must_wait = agents * blocked / (agents - offered * (1 - blocked))
    return Expected(must_wait, must_wait * handling_s / (agents - offered), 0.0)


def erlang_a(*, arrivals_per_s: float, handling_s: float, agents: int, patience_s: float) -> Expected:
    """From the stationary distribution of the number present; with patience no load is too much."""
    likely, chances = 1.0, [1.0]
    while likely > TINY * max(chances) or len(chances) <= agents:
        n = len(chances)
        likely *= arrivals_per_s / (min(n, agents) / handling_s + max(0, n - agents) / patience_s)
        chances.append(likely)
    whole = sum(chances)
    waiting = sum((n - agents) * chance for n, chance in enumerate(chances) if n > agents) / whole
    wait_s = waiting / arrivals_per_s  # Little's law
    return Expected(sum(chances[agents:]) / whole, wait_s, wait_s / patience_s)
