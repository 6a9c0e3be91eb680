"""What every test may use: the cast, and a running desk. PostgreSQL and Redis: tests/services_plugin.py."""

import hypothesis
import pytest

pytest_plugins = ["tests.cast", "tests.desk"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser journeys come last: their driver keeps an event loop in this thread, beside which no other can run."""
    items.sort(key=lambda item: "tests/journeys/" in item.nodeid)


# Examples are bounded in number, not in time: a cold start on a busy machine is no bug.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")
