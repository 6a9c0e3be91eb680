"""Learning a desk's model and, on texts held back from it, what it is worth: folds serve gate and figures. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from routing.learning.compact import Compact, Line, boiled_down
from routing.learning.figures import Bools, aurc, auroc, ece, figure
from routing.learning.gate import FOLDS, WITHHELD, Rows, chance_of, features, folds, ranked, taught_on
from routing.learning.heads import Floats, Heads, Names, Read
from routing.learning.remarks import remarks

OUTSIDE_EXPECTED = 0.1
"""Of a desk's messages so many are taken to be outside what it has examples of; P(right) is made honest for that."""
SURELY = 1e6
LEAST_TAUGHT = 2
CONFUSED_MOST = 20
"""Pairs of intents that are kept."""
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Material:
    """Texts with their intents; `outside` marks those that have none."""

    texts: list[str]
    intents: Names
    outside: Bools


@dataclass(frozen=True)
class Learned:
    model: Compact
    metrics: dict[str, Any]
    held_out: dict[str, list[Any]]
    """Columns chance, intent and right: each example once, as readers and gate saw it that had not learnt from it."""


@dataclass(frozen=True)
class _Asked:
    """What the readers of one fold, who had not seen these rows, made of them."""

    rows: Rows
    features: Floats
    right: Bools
    is_outside: Bools
    is_marked: Bools
    """As outside, by people; the others outside are of intents that were kept back."""
    taken_for: Names


def learn(material: Material, vectors: Floats, encoder: str, tell: Tell) -> Learned:
    """`vectors` of width 0: by words alone."""
    both: list[_Asked] = []
    words: list[_Asked] = []
    rounds = folds(material.intents, material.outside) + withheld(material)
    for number, (taught, asked) in enumerate(rounds, 1):
        tell(f"fold {number} of {len(rounds)}: learning from {len(taught)}, asking {len(asked)}")
        heads = _fit(material, vectors, taught)
        both.append(_ask(heads, material, vectors, asked))
        words.append(_ask(without_meaning(heads), material, vectors[:, :0], asked))
    tell("learning from all")
    heads = _fit(material, vectors, np.arange(len(material.texts)))
    (gate, chance), (gate_of_words, _) = gate_of(both), gate_of(words)
    figures = figures_of(material, both, words, chance)
    return Learned(boiled_down(heads, gate, gate_of_words, encoder), figures, held_out(both, chance))


def withheld(material: Material) -> list[tuple[Rows, Rows]]:
    """Where intents are too few for `folds` to keep some back: rounds without one each, or nothing looks unknown."""
    names = np.unique(material.intents[~material.outside])
    if material.outside.any() or len(names) >= 2 * WITHHELD or len(names) <= LEAST_TAUGHT:
        return []
    inside = ~material.outside
    return [
        (np.flatnonzero(inside & (material.intents != name)), np.flatnonzero(inside & (material.intents == name)))
        for name in names[:FOLDS]
    ]


def held_out(asked: list[_Asked], chance: Floats) -> dict[str, list[Any]]:
    """Without the intents that a fold kept back, which no message is about."""
    right = np.concatenate([each.right for each in asked])
    taken_for = np.concatenate([each.taken_for for each in asked])
    kept = np.flatnonzero(np.concatenate([~each.is_outside | each.is_marked for each in asked]))
    return {
        "chance": [round(float(chance[n]), 4) for n in kept],
        "intent": [str(taken_for[n]) for n in kept],
        "right": [bool(right[n]) for n in kept],
    }


def without_meaning(heads: Heads) -> Heads:
    return replace(heads, meaning=None, are_few=False)


def _fit(material: Material, vectors: Floats, rows: Rows) -> Heads:
    return taught_on(material.texts, material.intents, vectors, material.outside, rows)


def _ask(heads: Heads, material: Material, vectors: Floats, rows: Rows) -> _Asked:
    read: Read = heads.read([material.texts[int(n)] for n in rows], vectors[rows])
    is_outside = material.outside[rows] | ~np.isin(material.intents[rows], heads.names)
    right = (heads.names[read.best] == material.intents[rows]) & ~is_outside
    return _Asked(rows, features(read), right, is_outside, material.outside[rows], heads.names[read.best])


def gate_of(asked: list[_Asked]) -> tuple[Line, Floats]:
    """The gate, and what it promises for each row asked, fold by fold, by a gate that had not seen that fold."""
    right = np.concatenate([each.right for each in asked])
    weight = _weights(np.concatenate([each.is_outside for each in asked]))
    scores, fold = [], np.repeat(np.arange(len(asked)), [len(each.right) for each in asked])
    for number, each in enumerate(asked):
        scores.append(each.features @ (line := _line(asked, leave=number)).weights + line.bias)
    score = np.concatenate(scores)
    chance = np.zeros(len(score))
    for number in range(len(asked)):
        others = fold != number
        scale, offset = honest(score[others], right[others], weight[others])
        chance[fold == number] = chance_of(scale * score[fold == number] + offset)
    line = _line(asked, leave=None)
    scale, offset = honest(score, right, weight)
    return Line(scale * line.weights, scale * line.bias + offset), chance


def _line(asked: list[_Asked], leave: int | None) -> Line:
    kept = [each for number, each in enumerate(asked) if number != leave]
    seen, right = np.concatenate([each.features for each in kept]), np.concatenate([each.right for each in kept])
    if right.all() or not right.any():  # nothing to tell apart: `honest` sets the share
        return Line(np.zeros(seen.shape[1]), 0.0)
    ranks = ranked(seen, right, np.concatenate([each.is_marked for each in kept]))
    scaler, chooser = ranks[0], ranks[-1]
    weights = chooser.coef_[0] / scaler.scale_
    return Line(weights, float(chooser.intercept_[0] - weights @ scaler.mean_))


def honest(score: Floats, right: Bools, weight: Floats) -> tuple[float, float]:
    """Platt's scaling (1999), weighted; one more of each kind where there is only one (Laplace)."""
    from sklearn.linear_model import LogisticRegression

    if right.all() or not right.any() or np.ptp(score) == 0:
        share = ((weight * right).sum() + 1) / (weight.sum() + 2)
        return 0.0, float(np.log(share / (1 - share)))
    scaled = LogisticRegression(C=SURELY).fit(score[:, None], right, sample_weight=weight)
    return float(scaled.coef_[0, 0]), float(scaled.intercept_[0])


def _weights(is_outside: Bools) -> Floats:
    """By which the rows outside make up OUTSIDE_EXPECTED of all."""
    share = float(is_outside.mean())
    if share in (0.0, 1.0):
        return np.ones(len(is_outside))
    weight: Floats = np.where(is_outside, OUTSIDE_EXPECTED / share, (1 - OUTSIDE_EXPECTED) / (1 - share))
    return weight


def figures_of(material: Material, both: list[_Asked], words: list[_Asked], chance: Floats) -> dict[str, Any]:
    right, words_right = (np.concatenate([each.right for each in asked]) for asked in (both, words))
    outside = np.concatenate([each.is_outside for each in both])
    weight = _weights(outside)
    inside = right[~outside]
    found: dict[str, Any] = {
        "accuracy": figure(len(inside), lambda r: float(inside[r].mean())),
        "accuracy_words": figure(len(inside), lambda r: float(words_right[~outside][r].mean())),
        "ece": figure(len(right), lambda r: ece(chance[r], right[r], weight[r])),
        "aurc": figure(len(inside), lambda r: aurc(chance[~outside][r], inside[r])),
    }
    if outside.any():
        found["auroc_outside"] = figure(len(right), lambda r: auroc(chance[r], ~outside[r]))
    found |= {
        "intents": _by_intent(material, both),
        "confused": {"pairs": confused(material, both)},
        "outside": {"examples": int(material.outside.sum())},
    }
    return found | {"remarks": {"says": remarks(found)}}


def confused(material: Material, asked: list[_Asked]) -> list[list[Any]]:
    """Each an intent, another that its texts were taken for, how many, and of how many; the most frequent first."""
    rows = np.concatenate([each.rows[~each.is_outside] for each in asked])
    meant = material.intents[rows]
    taken_for = np.concatenate([each.taken_for[~each.is_outside] for each in asked])
    of = Counter(str(name) for name in meant)
    pairs = Counter((str(one), str(other)) for one, other in zip(meant, taken_for, strict=True) if one != other)
    often = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))[:CONFUSED_MOST]
    return [[one, other, times, of[one]] for (one, other), times in often]


def _by_intent(material: Material, asked: list[_Asked]) -> dict[str, Any]:
    rows = np.concatenate([each.rows[~each.is_outside] for each in asked])
    right = np.concatenate([each.right[~each.is_outside] for each in asked])
    names = material.intents[rows]
    return {
        str(name): {
            "examples": int((material.intents == name).sum()),
            "accuracy": round(float(right[names == name].mean()), 3) if (names == name).any() else None,
        }
        for name in np.unique(material.intents[~material.outside])
    }
