"""Waiting for a child: one that ends well is not mistaken for one that failed, however the looks fall."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from supportdesk.embedded import waiting
from supportdesk.embedded.child import Child, Program
from supportdesk.embedded.logs import Log
from supportdesk.embedded.problem import Problem


@pytest.fixture
def child(tmp_path: Path) -> Child:
    return Child(Program("nothing", [sys.executable, "-c", ""], folder=tmp_path), Log(tmp_path / "nothing.log"))


def test_what_ends_well_between_two_looks_has_not_failed(child: Child) -> None:
    looks: list[int] = []

    def ended() -> bool:
        looks.append(child.process.wait(10))
        return len(looks) > 1

    waiting.until(ended, child, within_s=10)
    assert looks == [0, 0]


def test_what_ends_without_it_has_failed(child: Child) -> None:
    with pytest.raises(Problem, match="nothing did not start"):
        waiting.until(lambda: child.process.wait(10) != 0, child, within_s=10)
