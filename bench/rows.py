"""What a subject yields: rows of figures, each the median over its runs; shown as a table, kept as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

KEPT_IN = Path(__file__).resolve().parent.parent / "var" / "bench"


@dataclass(frozen=True)
class Row:
    """`value` in `unit`; the percentiles in milliseconds."""

    name: str
    value: float
    unit: str
    p50_ms: float | None
    p99_ms: float | None
    runs: int


def row(name: str, unit: str, runs: Sequence[tuple[float, Sequence[float]]]) -> Row:
    """From (value, milliseconds) of each run: the median of the values and of each run's percentiles."""
    seen = [sorted(times) for _, times in runs if times]
    p50, p99 = (median(rank(times, p) for times in seen) if seen else None for p in (0.50, 0.99))
    return Row(name, round(median(value for value, _ in runs), 1), unit, _tenths(p50), _tenths(p99), len(runs))


def rank(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _tenths(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def show(title: str, rows: Sequence[Row]) -> None:
    table = Table("what", "value", "unit", "p50 ms", "p99 ms", "runs", title=title)
    for one in rows:
        table.add_row(*("-" if cell is None else str(cell) for cell in asdict(one).values()))
    Console().print(table)


def keep(name: str, rows: Sequence[Row]) -> Path:
    KEPT_IN.mkdir(parents=True, exist_ok=True)
    path = KEPT_IN / f"{name}.json"
    path.write_text(json.dumps([asdict(one) for one in rows], indent=2) + "\n")
    return path
