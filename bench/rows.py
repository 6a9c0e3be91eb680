"""What a subject yields: rows of figures, each the median over its runs; shown as a table, kept as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

KEPT_IN = Path(__file__).resolve().parent.parent / "var" / "bench"


@dataclass(frozen=True)
class Row:
    """`value` in `unit`; the percentiles in milliseconds; `more`: other figures by name, the unit in the name."""

    name: str
    value: float
    unit: str
    p50_ms: float | None
    p99_ms: float | None
    runs: int
    more: Mapping[str, float] = field(default_factory=dict)


def row(name: str, unit: str, runs: Sequence[tuple[float, Sequence[float]]]) -> Row:
    """From (value, milliseconds) of each run: the median of the values and of each run's percentiles."""
    seen = [sorted(times) for _, times in runs if times]
    p50, p99 = (median(rank(times, p) for times in seen) if seen else None for p in (0.50, 0.99))
    return Row(name, round(median(value for value, _ in runs), 1), unit, _hundredths(p50), _hundredths(p99), len(runs))


def medians(runs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The median of each figure; one that a run lacks counts in the others."""
    names = dict.fromkeys(name for run in runs for name in run)
    return {name: round(median(run[name] for run in runs if name in run), 3) for name in names}


def ratio(one: Row, other: Row) -> Row:
    return Row(f"{one.name} / {other.name}", round(one.value / other.value, 2), "x", None, None, one.runs)


def rank(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _hundredths(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def show(title: str, rows: Sequence[Row]) -> None:
    table = Table("what", "value", "unit", "p50 ms", "p99 ms", "runs", title=title)
    for one in rows:
        cells = [one.name, one.value, one.unit, one.p50_ms, one.p99_ms, one.runs]
        table.add_row(*("-" if cell is None else str(cell) for cell in cells))
    Console().print(table)
    for one in rows:
        if one.more:
            print(f"{one.name}: " + ", ".join(f"{name} {value:g}" for name, value in one.more.items()))


def keep(name: str, rows: Sequence[Row]) -> Path:
    KEPT_IN.mkdir(parents=True, exist_ok=True)
    path = KEPT_IN / f"{name}.json"
    path.write_text(json.dumps([asdict(one) for one in rows], indent=2) + "\n")
    return path
