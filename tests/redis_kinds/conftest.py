"""The rigs, each started once for the tests of its module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.redis_kinds import rig as rigs
from tests.redis_kinds.rig import Guarded


@pytest.fixture(scope="module")
def sentinels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with rigs.rig(tmp_path_factory.mktemp("sentinel")) as made:
        yield rigs.guarded(made)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with rigs.rig(tmp_path_factory.mktemp("cluster")) as made:
        yield rigs.cluster(made)
