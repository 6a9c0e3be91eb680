"""What was counted is said at the end."""

from __future__ import annotations

import pytest

from tests.races.tally import Kept, table, together

KEPT = pytest.StashKey[Kept]()


@pytest.fixture
def kept(pytestconfig: pytest.Config) -> Kept:
    return pytestconfig.stash.setdefault(KEPT, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    kept = config.stash.get(KEPT, [])
    if len(kept) > 1:
        quiet, killed = [t for kills, t in kept if not kills], [t for kills, t in kept if kills]
        rows = [("threads", quiet), ("processes killed", killed), ("together", quiet + killed)]
        terminalreporter.write_line("\n" + table([(name, together(some)) for name, some in rows if some]))
