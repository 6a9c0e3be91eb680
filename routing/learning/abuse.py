"""Evaluating the rules of abuse on a file: how many of the texts that people call abuse they find, and what else. Pure.

The rules learn nothing, so nothing but --test is read.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from routing.learning.evaluation import BadFile
from routing.learning.figures import Bools, Rows, figure, share
from routing.signals import abuse

COLUMN = "abuse"
TEXTS = ("text", "user")
"""The column of what the customer wrote; data sets of dialogues call him the user."""


@dataclass(frozen=True)
class Set:
    abusive: Bools
    found: Bools


def load(path: Path) -> Set:
    """A CSV file with the columns abuse (1 or 0) and text, or user.

    Raises:
        BadFile: a column is missing, a value is neither 1 nor 0, or one of them does not occur.
    """
    with path.open(encoding="utf-8", newline="") as opened:
        rows = csv.DictReader(opened)
        column = next((name for name in TEXTS if name in (rows.fieldnames or ())), None)
        if column is None or COLUMN not in (rows.fieldnames or ()):
            raise BadFile(f"{path}: line 1: the columns text (or user) and {COLUMN} are needed")
        abusive, found = [], []
        for row in rows:
            if row[COLUMN] not in ("0", "1"):
                raise BadFile(f"{path}: line {rows.line_num}: {COLUMN} is neither 1 nor 0")
            abusive.append(row[COLUMN] == "1")
            found.append(abuse.find(row[column] or "") is not None)
    if len(set(abusive)) < 2:  # both
        raise BadFile(f"{path}: both 1 and 0 must occur")
    return Set(np.array(abusive), np.array(found))


def figures(test: Set) -> dict[str, Any]:
    def of(what: Bools, among: Bools) -> dict[str, float]:
        return figure(len(test.found), lambda r: share(what[r], among[r]))

    return {
        "precision": of(test.abusive, test.found),
        "recall": of(test.found, test.abusive),
        "f1": figure(len(test.found), lambda r: f1(test, r)),
        "false_alarms": of(test.found, ~test.abusive),
    }


def f1(test: Set, rows: Rows) -> float:
    """Twice the hits over all that were found and all that there were: the harmonic mean of precision and recall."""
    abusive, found = test.abusive[rows], test.found[rows]
    total = int(abusive.sum() + found.sum())
    return 2 * int((abusive & found).sum()) / total if total else float("nan")
