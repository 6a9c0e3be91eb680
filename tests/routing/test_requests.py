"""The wish for a person, measured on files: what rules miss a model finds, and the bar comes from dev alone."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from routing.learning.requests import BY_A_RULE, bar_of

PLAIN = ("where is my lamp", "how long does delivery take", "can I return this shade", "what does it cost")
WISHES = ("I want to talk to a person", "gimme a flesh being, beep", "beep beep, flesh being wanted")


def written(path: Path, rows: list[tuple[str, int]]) -> Path:
    with path.open("w", newline="") as out:
        csv.writer(out).writerows([("text", "human_request"), *rows])
    return path


def rows(count: int) -> list[tuple[str, int]]:
    """Wishes in words that no rule knows, and plain messages."""
    return [(f"{text} {n}", 0) for text in PLAIN for n in range(count)] + [
        (f"{text} {n}", 1) for text in WISHES for n in range(count)
    ]


def test_the_model_finds_what_no_rule_does(tmp_path: Path) -> None:
    train, dev = written(tmp_path / "train.csv", rows(12)), written(tmp_path / "dev.csv", rows(6))
    test, out = written(tmp_path / "test.csv", rows(5)), tmp_path / "out.json"
    call_command("evaluate", "human_request", train=train, dev=dev, test=test, encoder="none", json=out)
    found = json.loads(out.read_text())
    assert found["recall_rules"]["value"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["recall"]["value"] == 1
    assert found["false_alarms"]["value"] == 0
    assert set(found["recall"]) == {"value", "low", "high"}


@pytest.mark.parametrize(
    "bad",
    [[("hello", 0)], [("", 1), ("hello", 0)], [("hello", 2), ("a person please", 1)]],
    ids=["one", "empty", "two"],
)
def test_a_bad_file_is_named(tmp_path: Path, bad: list[tuple[str, int]]) -> None:
    good, path = written(tmp_path / "good.csv", rows(2)), written(tmp_path / "bad.csv", bad)
    with pytest.raises(CommandError, match=r"bad\.csv"):
        call_command("evaluate", "human_request", train=path, dev=good, test=good, encoder="none")


def test_the_bar_lets_through_as_few_as_allowed_and_everything_a_rule_finds() -> None:
    score = np.array([0.9] * 5 + [0.1] * 995 + [BY_A_RULE] * 10)
    wishes = np.array([False] * 1000 + [True] * 10)
    bar = bar_of(score, wishes)
    assert (score[~wishes] > bar).sum() <= 3
    assert (score[wishes] > bar).all()
    loud = np.full(1000, BY_A_RULE)
    assert bar_of(loud, np.zeros(1000, bool)) < BY_A_RULE
