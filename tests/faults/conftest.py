"""One rig for all tests here, and its agents."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.rig import Hired, Rig, started


@pytest.fixture(scope="package")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with started(tmp_path_factory.mktemp("faults")) as running:
        yield running


@pytest.fixture(scope="package")
def hired(rig: Rig) -> list[Hired]:
    return rig.hire(6)
