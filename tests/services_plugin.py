"""Starts PostgreSQL and Redis for the tests, before Django reads its settings. With DATABASE_URL and REDIS_URL given
it starts nothing. Several test runs may go on at once: each takes the first folder that is free."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from supportdesk.embedded.lock import Taken
from supportdesk.embedded.problem import Problem
from supportdesk.embedded.services import services

ROOT = Path(__file__).resolve().parent.parent
RUNS_AT_ONCE = 16


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    stack = ExitStack()
    try:
        os.environ.update(stack.enter_context(first_free()))
    except Problem as problem:
        raise pytest.UsageError(str(problem)) from problem
    early_config.add_cleanup(stack.close)
    return (yield)


@contextmanager
def first_free() -> Iterator[dict[str, str]]:
    folders = [ROOT / "var" / "test" / str(number) for number in range(1, RUNS_AT_ONCE + 1)]
    with ExitStack() as stack:
        for folder in folders:
            try:
                urls = stack.enter_context(services(folder, durable=False))
            except Taken:
                continue
            yield {**urls, "SUPPORTDESK_VAR": str(folder)}
            return
        raise Problem(f"{RUNS_AT_ONCE} test runs are going on already: stop one")
