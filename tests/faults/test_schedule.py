"""Faults come from the seed alone, and thirty seeds bring all of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.faults.records import Acked, Log, Posted
from tests.faults.recovery import recoveries
from tests.faults.schedule import PLAN, Fault, Struck, schedule


@given(st.integers(), st.floats(10, 120))
def test_the_same_seed_brings_the_same_faults_and_they_end_within_the_run(seed: int, seconds: float) -> None:
    faults = schedule(seed, seconds)
    assert faults == schedule(seed, seconds)
    assert all(fault.at_s + fault.seconds <= seconds for fault in faults)
    assert [fault.at_s for fault in faults] == sorted(fault.at_s for fault in faults)


def test_no_kind_of_fault_is_left_out_by_thirty_seeds() -> None:
    found = {(fault.kind, fault.target) for seed in range(1, 31) for fault in schedule(seed, 60)}
    assert found == set(PLAN)


def test_recovery_counts_from_the_end_of_the_fault_until_all_that_waited_is_acknowledged() -> None:
    posted = tuple(Posted(f"post-{n}", f"text {n}", at) for n, at in enumerate((1.0, 3.0, 9.0)))
    acked = tuple(Acked(f"post-{n}", "chat", n + 1, at) for n, at in enumerate((1.5, 7.5, 9.5)))
    (one,) = recoveries(
        [Struck(Fault(2.0, "pause", "postgres", 4.0), 2.0, 6.0)], [Log("ana", "customer", posted, acked)]
    )
    assert (one.silence, one.first, one.whole) == (6.0, 1.5, 1.5)
