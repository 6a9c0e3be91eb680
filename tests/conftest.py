"""What every test may use: the cast, and a running desk. PostgreSQL and Redis: tests/services_plugin.py."""

import logging
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest

from tests.postman import Postman, serving

pytest_plugins = ["tests.cast", "tests.desk", "tests.floor", "tests.peers"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser journeys come last: their driver keeps an event loop in this thread, beside which no other can run.

    What talks to the running desk without a browser is marked `server`: it is run on every server.
    """
    items.sort(key=is_journey)
    for item in items:
        if "desk" in getattr(item, "fixturenames", ()) and not is_journey(item):
            item.add_marker("server")


def is_journey(item: pytest.Item) -> bool:
    return "tests/journeys/" in item.nodeid


# Examples are bounded in number, not in time: a cold start on a busy machine is no bug.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

# One line a connection would bury what a failed test has to say.
logging.getLogger("picows").setLevel(logging.WARNING)


@pytest.fixture
def postman(settings: Any) -> Iterator[Postman]:
    """The mail server that the desk is told of."""
    yield from serving(settings)
