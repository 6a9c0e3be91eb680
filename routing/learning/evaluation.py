"""Evaluating on files: models learn from train, every threshold comes from dev, figures from test alone."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from routing.learning.figures import Bools, aurc, auroc, ece, figure, share, to_share
from routing.learning.gate import Encode, calibrated, learn
from routing.learning.heads import Floats, Names, Read, fit

OUTSIDE = "oos"
KEEPS = (95, 90, 80)
GIVEN_UP = 0.01
"""The share of in-scope accuracy that may be given up to find what is outside."""
SHIFTED = 0.2
"""The share of texts outside in the shifted mix."""


class BadFile(Exception):
    """Which file, which line, and what is wrong with it."""


@dataclass(frozen=True)
class Set:
    texts: list[str]
    intents: Names
    vectors: Floats

    @property
    def outside(self) -> Bools:
        return np.asarray(self.intents == OUTSIDE)

    def only(self, kept: Bools) -> Set:
        rows = np.flatnonzero(kept)
        return Set([self.texts[n] for n in rows], self.intents[rows], self.vectors[rows])


@dataclass(frozen=True)
class Judged:
    """A set as the learned model sees it."""

    score: Floats
    chance: Floats
    right: Bools
    outside: Bools


def load(path: Path, encode: Encode) -> Set:
    """A CSV file with the columns text and intent.

    Raises:
        BadFile: a column is missing, a line is empty, or there is nothing.
    """
    with path.open(encoding="utf-8", newline="") as opened:
        rows = csv.DictReader(opened)
        if not {"text", "intent"} <= set(rows.fieldnames or ()):
            raise BadFile(f"{path}: line 1: the columns text and intent are needed")
        read = []
        for row in rows:
            if not (row["text"] or "").strip() or not (row["intent"] or "").strip():
                raise BadFile(f"{path}: line {rows.line_num}: text or intent is empty")
            read.append((row["text"], row["intent"]))
    if not read:
        raise BadFile(f"{path}: no examples")
    texts = [text for text, _ in read]
    return Set(texts, np.array([intent for _, intent in read]), encode(texts))


def intents(train: Set, dev: Set, test: Set) -> dict[str, Any]:
    """Accuracy on the texts that have an intent, and its mean over intents."""
    train, test = train.only(~train.outside), test.only(~test.outside)
    heads = fit(train.texts, train.intents, train.vectors)
    read = heads.read(test.texts, test.vectors)
    found = {"accuracy": read.mean, "accuracy_words": read.words, "accuracy_meaning": read.meaning}
    rights = {name: heads.names[chances.argmax(axis=1)] == test.intents for name, chances in found.items()}
    return {name: figure(len(right), mean_of(right)) for name, right in rights.items()}


def mean_of(right: Bools) -> Any:
    return lambda rows: float(right[rows].mean())


def judged(train: Set, dev: Set, *others: Set) -> list[Judged]:
    """The dev set and the others, by what was learned on `train` and made honest on `dev`."""
    heads, gate = learn(train.texts, train.intents, train.vectors, train.outside)

    def read_of(one: Set) -> tuple[Read, Bools]:
        read = heads.read(one.texts, one.vectors)
        return read, (heads.names[read.best] == one.intents) & ~one.outside

    gate = calibrated(gate, *read_of(dev), to_share(dev.outside, between(dev.outside)))
    reads = [(one, *read_of(one)) for one in (dev, *others)]
    return [Judged(gate.score(read), gate.chance(read), right, one.outside) for one, read, right in reads]


def between(outside: Bools) -> float:
    """The share outside for which chances are made honest: halfway, in ratio, from what dev has to the shifted mix."""
    return math.sqrt(float(outside.mean()) * SHIFTED)


def oos(train: Set, dev: Set, test: Set) -> dict[str, Any]:
    """In-scope accuracy and what is found outside, at the dev set's threshold; AUROC far and near."""
    on_dev, on = judged(train, dev, test)
    bar = floor_of(on_dev)
    kept = on.score >= bar
    count = len(kept)
    return {
        "in_scope_accuracy": figure(count, lambda r: share(kept[r] & on.right[r], ~on.outside[r])),
        "oos_recall": figure(count, lambda r: share(~kept[r], on.outside[r])),
        "auroc": figure(count, lambda r: auroc(on.score[r], ~on.outside[r])),
        "auroc_near": near(train, dev, test),
    }


def floor_of(on: Judged) -> float:
    """The highest score at which no more than GIVEN_UP of the in-scope texts that are right fall below."""
    scores = np.sort(on.score[on.right])
    lost = int(GIVEN_UP * (~on.outside).sum())
    return float(scores[min(lost, len(scores) - 1)]) if len(scores) else 0.0


def near(train: Set, dev: Set, test: Set) -> dict[str, float]:
    """AUROC where every fifth intent is kept from training: its texts are the near ones outside."""
    names = np.unique(train.intents[~train.outside])
    withheld = np.random.default_rng(2).permutation(names)[::5]
    dev, test = (one.only(~one.outside) for one in (dev, test))
    unknown = np.isin(test.intents, withheld)
    rest = [one.only(~np.isin(one.intents, withheld)) for one in (train, dev)]
    *_, on = judged(rest[0], rest[1], test)
    return figure(len(unknown), lambda r: auroc(on.score[r], ~unknown[r]))


def handoff(train: Set, dev: Set, test: Set) -> dict[str, Any]:
    """Missed, needless and wrong at each kept share of the answerable, AURC, and ECE in two mixes."""
    on_dev, on = judged(train, dev, test)
    count = len(on.score)
    found: dict[str, Any] = {}
    for keep in KEEPS:
        bar = float(np.percentile(on_dev.score[~on_dev.outside], 100 - keep))
        found |= at_bar(on, on.score >= bar, f"_{keep}")
    same, shifted = (to_share(on.outside, wanted) for wanted in (float(on_dev.outside.mean()), SHIFTED))

    def ece_with(weight: Floats) -> dict[str, float]:
        return figure(count, lambda r: ece(on.chance[r], on.right[r], weight[r]))

    return found | {
        "aurc": figure(count, lambda r: aurc(on.score[r], on.right[r])),
        "ece_same": ece_with(same),
        "ece_shifted": ece_with(shifted),
    }


def at_bar(on: Judged, kept: Bools, suffix: str) -> dict[str, Any]:
    def of(what: Bools, among: Bools) -> dict[str, float]:
        return figure(len(kept), lambda r: share(what[r], among[r]))

    return {
        f"kept{suffix}": of(kept, ~on.outside),
        f"missed{suffix}": of(kept, on.outside),
        f"needless{suffix}": of(~kept, on.right),
        f"wrong_among_answered{suffix}": of(~on.right, kept),
    }


SUBJECTS = {"intents": intents, "oos": oos, "handoff": handoff}
