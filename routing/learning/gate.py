"""Whether the bot would be right: a small logistic regression on what the readers think, never the chance itself. Pure.

It learns on texts the readers were not shown, among them whole intents kept from them (what a desk cannot answer
mostly looks like what it can) and others of the texts that no intent answers. The dev set then makes its chances
honest (Platt's scaling).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from routing.learning.heads import Floats, Heads, Names, Read, fit

FOLDS = 3
WITHHELD = 6
"""In each fold one of so many intents is kept from the readers."""
MARKED = 12.0
"""A text that people marked as outside counts as so many: they are few, and what customers will really ask."""
SUREST = 30.0
Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Gate:
    ranks: Any
    scale: float = 1.0
    offset: float = 0.0

    def score(self, read: Read) -> Floats:
        """The log-odds that the likeliest intent is right."""
        raw: Floats = self.ranks.decision_function(features(read))
        return self.scale * raw + self.offset

    def chance(self, read: Read) -> Floats:
        return chance_of(self.score(read))


def chance_of(odds: Floats) -> Floats:
    """From log-odds; what is surer than 1 in 10^13 is not made any surer."""
    chance: Floats = 1 / (1 + np.exp(-np.clip(odds, -SUREST, SUREST)))
    return chance


def features(read: Read) -> Floats:
    rows = np.arange(len(read.mean))
    best = read.best
    top = np.sort(read.mean, axis=1)[:, -2:]
    chances = [each[rows, best] for each in (read.mean, read.words, read.meaning)]
    odds = [np.log((each + 1e-4) / (1 - each + 1e-4)) for each in chances]
    unsure = -(read.mean * np.log(read.mean + 1e-9)).sum(axis=1)
    agree = (read.words.argmax(axis=1) == read.meaning.argmax(axis=1)).astype(float)
    return np.column_stack(
        [*odds, top[:, 1] - top[:, 0], unsure, agree, read.nearest, read.nearest**2, read.votes, read.votes**2,
         read.outside, read.outside**2]
    )  # fmt: skip


def learn(texts: Sequence[str], intents: Names, vectors: Floats, outside: Bools) -> tuple[Heads, Gate]:
    """The readers of all that is inside, and the gate; `outside` marks texts that have no intent."""
    seen, right, marked = [], [], []
    for taught, asked in folds(intents, outside):
        heads = taught_on(texts, intents, vectors, outside, taught)
        read = heads.read([texts[int(n)] for n in asked], vectors[asked])
        seen.append(features(read))
        right.append((heads.names[read.best] == intents[asked]) & ~outside[asked])
        marked.append(outside[asked])
    ranks = ranked(*(np.concatenate(each) for each in (seen, right, marked)))
    return taught_on(texts, intents, vectors, outside, np.arange(len(texts))), Gate(ranks)


def taught_on(texts: Sequence[str], intents: Names, vectors: Floats, outside: Bools, rows: Rows) -> Heads:
    """The readers of these rows, which may be outside."""
    inside, beyond = rows[~outside[rows]], rows[outside[rows]]
    return fit([texts[int(n)] for n in inside], intents[inside], vectors[inside], vectors[beyond])


def ranked(seen: Floats, right: Bools, marked: Bools) -> Any:
    """A scaler, then a logistic regression, fitted on features of texts, whether the readers had them right, and
    whether people had marked them as outside."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    ranks = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, class_weight="balanced", max_iter=500))
    return ranks.fit(seen, right, logisticregression__sample_weight=np.where(marked, MARKED, 1.0))


def folds(intents: Names, outside: Bools) -> list[tuple[Rows, Rows]]:
    """For each fold the rows taught, and the rows asked: a third of the others, inside and outside, and whole intents
    that are in none of the rows taught."""
    dice = np.random.default_rng(0)
    fold = dice.permutation(len(intents)) % FOLDS
    names = np.unique(intents[~outside])
    shuffled = dice.permutation(names)
    made = []
    for number in range(FOLDS):
        few = shuffled[number::WITHHELD] if len(names) >= 2 * WITHHELD else shuffled[:0]
        withheld = np.isin(intents, few)
        taught = ~withheld & (fold != number)
        is_known = np.isin(intents, np.unique(intents[taught]))
        asked = (fold == number) & (withheld | outside | is_known)
        made.append((np.flatnonzero(taught), np.flatnonzero(asked)))
    return made


def calibrated(gate: Gate, read: Read, right: Bools, weight: Floats) -> Gate:
    """Platt's scaling (1999) on texts that neither readers nor gate have seen, each of which counts by its weight."""
    from sklearn.linear_model import LogisticRegression

    if right.all() or not right.any():
        return gate
    scaled = LogisticRegression(C=1e6).fit(gate.score(read)[:, None], right, sample_weight=weight)
    return Gate(gate.ranks, float(scaled.coef_[0, 0]), float(scaled.intercept_[0]))


Encode = Callable[[Sequence[str]], Floats]
