"""REST's own part of the cast: nobody has asked before."""

import pytest

from supportdesk.redis import redis


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    for key in redis().scan_iter("throttle:*"):
        redis().delete(key)
