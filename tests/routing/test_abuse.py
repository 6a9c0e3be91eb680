"""`evaluate abuse`: what the rules find of what people call abuse, on a file."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

SAID = [("you idiot", 1), ("get lost", 1), ("shut up", 1), ("you are a disappointment", 1), ("are you gay", 0)]
CALM = [("where is my parcel", 0)] * 5


@pytest.mark.parametrize("column", ["text", "user"])
def test_precision_recall_and_f1_have_intervals(tmp_path: Path, column: str) -> None:
    path, out = tmp_path / "test.csv", tmp_path / "figures.json"
    path.write_text(f"{column},abuse\n" + "".join(f"{text},{is_abuse}\n" for text, is_abuse in [*SAID, *CALM]))
    call_command("evaluate", "abuse", test=path, json=out, stdout=StringIO())
    found = json.loads(out.read_text())
    values = {name: figure["value"] for name, figure in found.items()}
    assert values == {"precision": 0.75, "recall": 0.75, "f1": 0.75, "false_alarms": 0.16667}
    assert all(figure["low"] <= figure["value"] <= figure["high"] for figure in found.values())


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("text,intent\na,b\n", "line 1: the columns text \\(or user\\) and abuse are needed"),
        ("text,abuse\na,yes\n", "line 2: abuse is neither 1 nor 0"),
        ("text,abuse\na,0\n", "both 1 and 0 must occur"),
    ],
)
def test_a_file_that_tells_nothing_is_refused(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "test.csv"
    path.write_text(content)
    with pytest.raises(CommandError, match=problem):
        call_command("evaluate", "abuse", test=path, stdout=StringIO())
    with pytest.raises(CommandError, match="does not exist"):
        call_command("evaluate", "abuse", test=tmp_path / "none.csv", stdout=StringIO())
