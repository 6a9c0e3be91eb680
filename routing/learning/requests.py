"""Evaluating the wish for a person on files: the rules of routing.signals, and a model beside them. Pure.

What a desk runs with is the shipped model, learnt from the project's own examples and from nothing in the files. Beside
it stands what a model learnt from the files would find: a message that a rule finds is a wish; one that none finds is
one where the model, learnt on train, is sure enough. How sure comes from dev alone: as little as keeps false alarms
under FALSE_ALARMS there.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from routing.learning import wishes
from routing.learning.evaluation import BadFile
from routing.learning.figures import Bools, auroc, figure, share
from routing.learning.gate import Encode
from routing.learning.heads import Floats, Names, fit
from routing.risk import usual_wish_bar
from routing.signals import human_request
from routing.signals.requests import Requests, shipped_examples

COLUMN = "human_request"
FALSE_ALARMS = 0.005
"""Of the messages that ask for nobody."""
ALLOWED = 0.7
"""Of these so many may be used up on dev: a bar that just holds there would not hold elsewhere."""
BY_A_RULE = 2.0
"""Above every chance."""


@dataclass(frozen=True)
class Set:
    texts: list[str]
    wishes: Bools
    sources: Names
    """The corpus of each; all the same where the file does not say."""
    vectors: Floats
    ruled: Bools
    """What the rules find."""

    def only(self, kept: Bools) -> Set:
        rows = np.flatnonzero(kept)
        texts = [self.texts[n] for n in rows]
        return Set(texts, self.wishes[rows], self.sources[rows], self.vectors[rows], self.ruled[rows])


def load(path: Path, encode: Encode) -> Set:
    """A CSV file with the columns text, human_request (1 or 0) and perhaps source.

    Raises:
        BadFile: a column is missing, a line is empty or neither 1 nor 0, or one of them does not occur.
    """
    with path.open(encoding="utf-8", newline="") as opened:
        rows = csv.DictReader(opened)
        if not {"text", COLUMN} <= set(rows.fieldnames or ()):
            raise BadFile(f"{path}: line 1: the columns text and {COLUMN} are needed")
        texts, wishes, sources = [], [], []
        for row in rows:
            if not (row["text"] or "").strip() or row[COLUMN] not in ("0", "1"):
                raise BadFile(f"{path}: line {rows.line_num}: text is empty, or {COLUMN} is neither 1 nor 0")
            texts.append(row["text"])
            wishes.append(row[COLUMN] == "1")
            sources.append(row.get("source") or "")
    if len(set(wishes)) < 2:  # both
        raise BadFile(f"{path}: both 1 and 0 must occur")
    ruled = np.array([human_request.find(text) is not None for text in texts])
    return Set(texts, np.array(wishes), np.array(sources), encode(texts), ruled)


def human_requests(train: Set, dev: Set, test: Set, encode: Encode | None = None) -> dict[str, Any]:
    """Found and false alarms by rules and the shipped model, by the rules alone, by a model learnt from `train`, and by
    one on corpora that it has not seen."""
    found, score = _found(train, dev, test)
    return (
        _figures(test, found, "")
        | {"auroc": figure(len(found), lambda r: auroc(score[r], test.wishes[r]))}
        | _figures(test, test.ruled, "_rules")
        | _by_shipped(test, encode)
        | _unseen(train, dev, test)
    )


def _by_shipped(test: Set, encode: Encode | None) -> dict[str, Any]:
    """By words as a fresh desk reads, and by meaning, too, as one does that has trained."""
    given = wishes.material(shipped_examples())
    head, told, told_by_meaning = wishes.learn(given, encode(given.texts) if encode else None)
    model = Requests("shipped", head, told, told_by_meaning)
    found: dict[str, Any] = {}
    for suffix, seen in (("_shipped", told), ("_shipped_meaning", told_by_meaning)):
        if seen is None:
            continue
        vectors = test.vectors if suffix != "_shipped" else [None] * len(test.texts)
        chance = np.array([model.find(text, vector).chance for text, vector in zip(test.texts, vectors, strict=True)])
        by_both = np.where(test.ruled, BY_A_RULE, chance)
        found |= _figures(test, by_both >= usual_wish_bar(seen), suffix)
        found |= {f"auroc{suffix}": _auroc(by_both, test.wishes)}
    return found


def _auroc(score: Floats, wishes_: Bools) -> dict[str, float]:
    return figure(len(score), lambda r: auroc(score[r], wishes_[r]))


def _found(train: Set, dev: Set, test: Set) -> tuple[Bools, Floats]:
    names = np.where(train.wishes, "1", "0")
    heads = fit(train.texts, names, train.vectors)

    def score(one: Set) -> Floats:
        chance = heads.read(one.texts, one.vectors).mean[:, 1]
        return np.where(one.ruled, BY_A_RULE, chance)

    bar = bar_of(score(dev), dev.wishes)
    on_test = score(test)
    return on_test > bar, on_test


def bar_of(score: Floats, wishes: Bools) -> float:
    """The lowest that leaves no more than ALLOWED of FALSE_ALARMS above it; never above what a rule finds."""
    calm = np.sort(score[~wishes])[::-1]
    allowed = int(FALSE_ALARMS * ALLOWED * len(calm))
    return float(min(calm[min(allowed, len(calm) - 1)], BY_A_RULE - 1e-6))


def _unseen(train: Set, dev: Set, test: Set) -> dict[str, Any]:
    """Each corpus with wishes by a model that learnt from the others, its bar from the others, too."""
    corpora = [name for name in np.unique(test.sources) if test.wishes[test.sources == name].any()]
    found = np.zeros(len(test.texts), bool)
    for name in corpora:
        rest, bar_from = train.only(train.sources != name), dev.only(dev.sources != name)
        if len(set(rest.wishes.tolist())) < 2 or not len(bar_from.texts):  # both
            return {}
        here = test.sources == name
        found[here] = _found(rest, bar_from, test.only(here))[0]
    asked = np.isin(test.sources, corpora)
    return _figures(test.only(asked), found[asked], "_unseen") if asked.any() else {}


def _figures(on: Set, found: Bools, suffix: str) -> dict[str, Any]:
    count = len(found)
    figures: dict[str, Any] = {
        f"recall{suffix}": figure(count, lambda r: share(found[r], on.wishes[r])),
        f"precision{suffix}": figure(count, lambda r: share(on.wishes[r], found[r])),
    }
    if (~on.wishes).any():
        figures[f"false_alarms{suffix}"] = figure(count, lambda r: share(found[r], ~on.wishes[r]))
    return figures
