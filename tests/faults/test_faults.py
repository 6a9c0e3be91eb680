"""Processes die, stores stop, disks fill and the network breaks, and nothing acknowledged is lost, doubled or stuck.

The short form of `make faults`: three seeds that together bring every kind of fault.
"""

from __future__ import annotations

import pytest

from tests.faults import report
from tests.faults.rig import Hired, Rig
from tests.faults.run import Run
from tests.faults.schedule import PLAN, schedule

SEEDS = (271, 367, 1090)
SECONDS = 15.0


def test_the_three_seeds_bring_every_fault() -> None:
    assert {(fault.kind, fault.target) for seed in SEEDS for fault in schedule(seed, SECONDS)} == set(PLAN)


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
async def test_people_go_on_talking_while_everything_breaks(rig: Rig, hired: list[Hired], seed: int) -> None:
    faults = schedule(seed, SECONDS)
    outcome = await Run(rig, hired, seed, faults).play()
    shown = "\n".join(report.lines(report.as_json(outcome)))
    assert outcome.violations == [], shown
    assert len(outcome.struck) == len(faults)
    assert report.counts(outcome)["acked"] > 100, shown
