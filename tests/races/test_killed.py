"""`make races`: the rush while web and worker processes are killed by -9 in the middle of their work, Redis flushed."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from chat.models import Inbox
from tests.floor import flushed
from tests.races.mortals import Mortals
from tests.races.rush import KILLING, Rush
from tests.races.tally import Kept

__all__ = ["flushed"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("flushed"), pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def mortals() -> Iterator[Mortals]:
    with Mortals(Random(7)) as running:
        yield running


@pytest.mark.parametrize("seed", range(KILLING))
def test_processes_that_are_killed_double_nothing_overfill_nobody_and_leave_none_behind(
    inbox: Inbox, seed: int, kept: Kept, mortals: Mortals
) -> None:
    tally = Rush(inbox, seed, mortals).run()
    kept.append((True, tally))
    assert tally.is_clean(), tally
