"""One simulated run as an SVG: who waits and what is in hand over time, and how long the waits were. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from routing.simulation import Outcome

WIDTH, HEIGHT, MARGIN = 760, 220, 44
POINTS_MOST = 1_500
BARS = 24


def svg(run: Outcome, target_s: float) -> str:
    step = max(1, len(run.load) // POINTS_MOST)
    points = run.load[::step]
    waits = [v.waited_s for v in run.served() if v.waited_s is not None]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {2 * HEIGHT}" font-family="sans-serif" '
            'font-size="12"><rect width="100%" height="100%" fill="#ffffff"/>',
            *_over_time(points),
            *_waits(waits, target_s),
            "</svg>\n",
        ]
    )


def _over_time(points: Sequence[tuple[float, int, int]]) -> list[str]:
    long, high = max((p[0] for p in points), default=1) or 1, max((max(p[1:]) for p in points), default=1) or 1

    def line(column: int, color: str) -> str:
        path = " ".join(f"{_x(p[0] / long):.1f},{_y(p[column] / high, 0):.1f}" for p in points)
        return f'<polyline fill="none" stroke="{color}" stroke-width="1.2" points="{path}"/>'

    return [
        _text(MARGIN, 18, "in hand", "#1f6f5c"),
        _text(MARGIN + 70, 18, "waiting", "#b5482f"),
        line(2, "#1f6f5c"),
        line(1, "#b5482f"),
        *_axes(0, str(high), f"{long / 3600:.1f} h"),
    ]


def _waits(waits: Sequence[float], target_s: float) -> list[str]:
    longest = max([*waits, target_s]) * 1.05
    counts = [0] * BARS
    for wait in waits:
        counts[min(BARS - 1, int(wait / longest * BARS))] += 1
    most, wide = max(counts) or 1, (WIDTH - 2 * MARGIN) / BARS
    bars = [
        f'<rect x="{MARGIN + n * wide + 1:.1f}" y="{_y(c / most, HEIGHT):.1f}" width="{wide - 2:.1f}" '
        f'height="{_y(0, HEIGHT) - _y(c / most, HEIGHT):.1f}" fill="#4a7fb0"/>'
        for n, c in enumerate(counts)
    ]
    at = _x(target_s / longest)
    promise = f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{HEIGHT + 24}" y2="{2 * HEIGHT - 30}" stroke="#b5482f"/>'
    return [
        _text(MARGIN, HEIGHT + 18, f"waits until a person, with the promise of {target_s:g} s", "#333333"),
        *bars,
        promise,
        *_axes(HEIGHT, str(most), f"{longest:.0f} s"),
    ]


def _axes(top: int, high: str, long: str) -> list[str]:
    bottom = top + HEIGHT - 30
    return [
        f'<path d="M{MARGIN},{top + 26} V{bottom} H{WIDTH - MARGIN}" fill="none" stroke="#999999"/>',
        _text(4, top + 34, high, "#333333"),
        _text(WIDTH - MARGIN - 30, bottom + 16, long, "#333333"),
    ]


def _text(x: float, y: float, text: str, color: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" fill="{color}">{text}</text>'


def _x(share: float) -> float:
    return MARGIN + share * (WIDTH - 2 * MARGIN)


def _y(share: float, top: int) -> float:
    return top + HEIGHT - 30 - share * (HEIGHT - 60)
