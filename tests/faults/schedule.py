"""Which faults strike when: a pure function of the seed. Most come one after the other, some on top of another."""

from __future__ import annotations

import random
from dataclasses import dataclass

WARM_UP_S = 2.0
ON_TOP = 0.2
"""The share of faults that strike while the one before still lasts."""


@dataclass(frozen=True)
class Fault:
    """`target` is a process, or for the network `node 1`, `node 2`, `half` or `all` of the connections."""

    at_s: float
    kind: str
    target: str
    seconds: float = 0.0

    def __str__(self) -> str:
        lasting = f" for {self.seconds:.1f} s" if self.seconds else ""
        return f"{self.kind} {self.target}{lasting}"


@dataclass(frozen=True)
class Struck:
    """A fault as it was done: from when to when, seconds of the run; `missed` says why it could not be."""

    fault: Fault
    began: float
    ended: float
    missed: str = ""


PLAN: dict[tuple[str, str], tuple[float, float]] = {
    ("kill", "web"): (0, 0),
    ("kill", "web 2"): (0, 0),
    ("kill", "worker"): (0, 0),
    ("kill", "beat"): (0, 0),
    ("kill", "redis"): (0, 0),
    ("kill", "postgres"): (0, 0),
    ("flush", "redis"): (0, 0),
    ("restart", "postgres"): (0, 0),
    ("terminate", "postgres"): (0, 0),
    ("replace", "web"): (0, 0),
    ("leave", "web 2"): (0, 0),
    ("pause", "web 2"): (1, 4),
    ("pause", "worker"): (1, 4),
    ("pause", "redis"): (1, 4),
    ("pause", "postgres"): (1, 4),
    ("fill", "disk"): (1.5, 4),
    ("cut", "all"): (0, 0),
    ("cut", "node 1"): (1, 3),
    ("stall", "node 1"): (2, 5),
    ("stall", "half"): (2, 5),
    ("delay", "node 2"): (2, 5),
    ("drop", "half"): (1, 3),
    ("drop", "node 2"): (1, 3),
}
"""(kind, target) -> how long it lasts, seconds."""


def schedule(seed: int, seconds: float) -> list[Fault]:
    """Faults for a run of `seconds`; each ends within it. Every kind comes once before any comes twice."""
    chance = random.Random(f"faults {seed}")
    deck: list[tuple[str, str]] = []
    faults: list[Fault] = []
    at = WARM_UP_S
    while True:
        if not deck:
            deck = chance.sample(list(PLAN), len(PLAN))
        kind, target = deck.pop()
        low, high = PLAN[kind, target]
        fault = Fault(round(at, 2), kind, target, round(chance.uniform(low, high), 2))
        if fault.at_s + fault.seconds > seconds:
            return faults
        faults.append(fault)
        at += chance.uniform(0.1, 0.9) if chance.random() < ON_TOP else fault.seconds + chance.uniform(0.8, 2.4)
