"""Starts what a test asks for and stops it whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.embedded.started import Started

Start = Callable[..., Started]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as stack:

        def begin(*words: str, var: str = "var", **env: str) -> Started:
            started = Started(tmp_path / var, *words, **env)
            stack.callback(started.stopped)
            return started

        yield begin
