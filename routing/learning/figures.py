"""The figures by which routing is judged, each with a 95 % bootstrap interval. Pure; the dice are fixed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from routing.learning.heads import Floats

ROUNDS = 400
BINS = 15
Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]


def figure(count: int, of: Callable[[Rows], float]) -> dict[str, float]:
    """`of` on all rows, and the middle 95 % of what it is on as many rows drawn with replacement."""
    dice = np.random.default_rng(1)
    drawn = [of(dice.integers(0, count, count)) for _ in range(ROUNDS)]
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return {"value": round(of(np.arange(count)), 5), "low": round(float(low), 5), "high": round(float(high), 5)}


def share(of: Bools, among: Bools) -> float:
    return float(of[among].mean()) if among.any() else float("nan")


def auroc(score: Floats, positive: Bools) -> float:
    """How often a positive scores above a negative; ties count half (Mann and Whitney)."""
    from scipy.stats import rankdata

    ups, downs = int(positive.sum()), int((~positive).sum())
    if not ups or not downs:
        return float("nan")
    ranks = rankdata(score)
    return float((ranks[positive].sum() - ups * (ups + 1) / 2) / (ups * downs))


def aurc(score: Floats, right: Bools) -> float:
    """The mean share wrong among the surest 1, 2, … n (Geifman and El-Yaniv, 2017)."""
    wrong = ~right[np.argsort(-score, kind="stable")]
    return float((np.cumsum(wrong) / np.arange(1, len(wrong) + 1)).mean())


def ece(chance: Floats, right: Bools, weight: Floats) -> float:
    """The mean distance of what is promised from what comes true, over bins of equal width."""
    place = np.minimum((chance * BINS).astype(int), BINS - 1)
    total = weight.sum()
    gaps = [abs((weight[at] * (chance[at] - right[at])).sum()) for n in range(BINS) if (at := place == n).any()]
    return float(sum(gaps) / total)


def to_share(outside: Bools, wanted: float) -> Floats:
    """Weights by which the texts outside make up `wanted` of all."""
    have = outside.mean()
    if have in (0.0, 1.0):
        return np.ones(len(outside))
    weight: Floats = np.where(outside, wanted / have, (1 - wanted) / (1 - have))
    return weight
