"""What the rounds of a rush came to, counted from the rows, and the table that `make races` prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields


@dataclass
class Tally:
    """One round, or all together. The last three, as looked for all the while and at the end, must be 0."""

    rounds: int = 1
    seconds: float = 0.0
    conversations: int = 0
    offers: int = 0
    accepted: int = 0
    declined: int = 0
    web_killed: int = 0
    workers_killed: int = 0
    requests_lost: int = 0
    redis_flushed: int = 0
    looks: int = 0
    offered_twice: int = 0
    over_capacity: int = 0
    stuck: int = 0

    def is_clean(self) -> bool:
        return not (self.offered_twice or self.over_capacity or self.stuck)


def together(tallies: Sequence[Tally]) -> Tally:
    return Tally(*(sum(column) for column in zip(*map(astuple, tallies), strict=True)))


def table(rows: Sequence[tuple[str, Tally]]) -> str:
    """Markdown, one line a figure, one column a row of `rows`."""
    lines = [f"| | {' | '.join(name for name, _ in rows)} |", "|---|" + "---:|" * len(rows)]
    for column in fields(Tally):
        figures = " | ".join(f"{getattr(tally, column.name):,.0f}" for _, tally in rows)
        lines.append(f"| {column.name.replace('_', ' ')} | {figures} |")
    return "\n".join(lines)


Kept = list[tuple[bool, Tally]]
"""Of each round: whether processes were killed in it, and what it came to."""
