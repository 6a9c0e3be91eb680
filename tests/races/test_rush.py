"""A rush on real PostgreSQL, Redis flushed meanwhile; `make races` repeats it with 200 conversations and 20 agents."""

from __future__ import annotations

import pytest

from chat.models import Inbox
from tests.floor import flushed
from tests.races.rush import KILLING, ROUNDS, Rush
from tests.races.tally import Kept

__all__ = ["flushed"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("flushed"), pytest.mark.timeout(600)]


@pytest.mark.parametrize("seed", range(KILLING, ROUNDS))
def test_a_rush_doubles_nothing_overfills_nobody_and_leaves_none_behind(inbox: Inbox, seed: int, kept: Kept) -> None:
    tally = Rush(inbox, seed, None).run()
    kept.append((False, tally))
    assert tally.is_clean(), tally
