"""Curves of growth as one SVG: a panel for each thing that grows, a line for each server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure

Curves = Mapping[tuple[str, str], Sequence[tuple[int, float]]]
"""(what grows, server) -> (how much of it, messages a second)."""


def draw(curves: Curves, folder: Path) -> Path:
    """Writes growth.svg; each panel begins at zero, so that flat looks flat."""
    kinds = list(dict.fromkeys(kind for kind, _ in curves))
    figure = Figure(figsize=(4.5 * len(kinds), 3.6), layout="constrained")
    panels = figure.subplots(1, len(kinds), sharey=True, squeeze=False)
    for panel, kind in zip(panels[0], kinds, strict=True):
        for (grown, name), points in curves.items():
            if grown == kind:
                sizes, rates = zip(*points, strict=True)
                panel.plot(sizes, rates, marker="o", label=name.removeprefix("durable relay, "))
        panel.set(xscale="log", xlabel=kind)
        panel.grid(visible=True, alpha=0.3)
    panels[0][0].set_ylim(bottom=0)
    panels[0][0].set_ylabel("messages acknowledged and delivered a second")
    panels[0][0].legend()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "growth.svg"
    figure.savefig(path)
    return path
