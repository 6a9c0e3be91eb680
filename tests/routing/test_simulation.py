"""The simulation against Erlang's formulas, its own seed, the interval a customer is told, and shifts."""

from __future__ import annotations

from dataclasses import replace
from statistics import mean, stdev

import pytest

from routing.erlang import erlang_a, erlang_c
from routing.simulation import Outcome, Plan, Shift, simulate

HANDLING_S, AGENTS, RUNS = 200.0, 6, 12
T_99 = 3.106
"""Student's t for RUNS - 1 degrees of freedom: 99 of 100 intervals hold the true mean."""
LOADS = (0.6, 0.75, 0.9)


def plan(load: float, patience_s: float | None = None) -> Plan:
    rate = load * AGENTS / HANDLING_S
    return Plan(rate, HANDLING_S, (Shift(AGENTS),), for_s=1_500 / rate, warm_up_s=400 / rate, patience_s=patience_s)


def assert_agrees(expected: float, seen: list[float]) -> None:
    assert abs(mean(seen) - expected) <= T_99 * stdev(seen) / RUNS**0.5, (expected, mean(seen))


@pytest.mark.parametrize("load", LOADS)
def test_everybody_waits_as_long_as_erlang_c_says(load: float) -> None:
    expected = erlang_c(arrivals_per_s=plan(load).arrivals_per_s, handling_s=HANDLING_S, agents=AGENTS)
    runs = [simulate(plan(load), seed) for seed in range(RUNS)]
    assert_agrees(expected.wait_s, [run.mean_wait_s() for run in runs])


@pytest.mark.parametrize("load", [0.75, 1.0, 1.25])
def test_with_patience_waits_and_leaving_are_as_erlang_a_says(load: float) -> None:
    rate = plan(load).arrivals_per_s
    expected = erlang_a(arrivals_per_s=rate, handling_s=HANDLING_S, agents=AGENTS, patience_s=120)
    runs = [simulate(plan(load, patience_s=120), seed) for seed in range(RUNS)]
    assert_agrees(expected.wait_s, [run.mean_wait_s() for run in runs])
    assert_agrees(expected.left, [run.left_share() for run in runs])


FRAUD = frozenset({"fraud"})
LENGTH_S = 1_900 * HANDLING_S / AGENTS
DAY = tuple(Shift(2, start_s=n * LENGTH_S / 8, end_s=(n + 1) * LENGTH_S / 8) for n in range(0, 8, 2))
"""Two who come and go four times."""


@pytest.mark.parametrize(
    "played",
    [
        plan(0.75),
        plan(0.9),
        plan(1.25, patience_s=120),
        plan(1.5, patience_s=600),
        replace(plan(0.7), shifts=(Shift(4), Shift(2, skills=FRAUD)), skills=(("fraud", 0.3),)),
        replace(plan(0.8, patience_s=200), shifts=(Shift(4), *DAY)),
        replace(plan(0.85, patience_s=200), shifts=(Shift(3), Shift(1, skills=FRAUD), *DAY), skills=(("fraud", 0.3),)),
    ],
    ids=["busy", "very busy", "leaving", "overrun", "few experts", "staff changes", "all of it"],
)
def test_the_interval_told_holds_four_waits_in_five(played: Plan) -> None:
    runs = [simulate(played, seed) for seed in range(3)]
    told = [(visit.told, visit.waited_s) for run in runs for visit in run.served() if visit.told]
    inside = sum(low <= waited <= high for (low, high), waited in told if waited is not None)
    assert len(told) > 800
    assert 0.75 <= inside / len(told) <= 0.85


def test_the_same_seed_is_the_same_day() -> None:
    def told(outcome: Outcome) -> list[object]:
        return [(v.at_s, v.waited_s, v.told) for v in outcome.visits]

    assert told(simulate(plan(0.9), 7)) == told(simulate(plan(0.9), 7))
    assert told(simulate(plan(0.9), 7)) != told(simulate(plan(0.9), 8))


def test_nobody_is_taken_before_the_shift_begins_or_after_it_ends() -> None:
    short = Plan(0.02, 50, (Shift(2, start_s=1_000, end_s=3_000, capacity=2),), for_s=4_000)
    taken = [v.at_s + v.waited_s for v in simulate(short, 1).served() if v.waited_s is not None]
    assert min(taken) >= 1_000
    assert max(taken) < 3_000


def test_a_skill_that_is_there_is_waited_for() -> None:
    experts = Shift(1, skills=frozenset({"fraud"}))
    run = simulate(Plan(0.02, 100, (Shift(4), experts), for_s=50_000, skills=(("fraud", 0.3),)), 3)
    needy = [v.waited_s or 0 for v in run.visits if v.need.skills]
    others = [v.waited_s or 0 for v in run.visits if not v.need.skills]
    assert mean(needy) > 5 * mean(others)


def test_erlang_c_is_what_the_tables_say_and_refuses_what_never_settles() -> None:
    told = erlang_c(arrivals_per_s=1 / 10, handling_s=80, agents=10)
    assert told.must_wait == pytest.approx(0.4092, abs=1e-4)
    assert told.wait_s == pytest.approx(0.4092 * 80 / 2, abs=1e-2)
    with pytest.raises(ValueError, match="more arrives"):
        erlang_c(arrivals_per_s=1, handling_s=10, agents=10)


def test_erlang_a_is_erlang_c_where_patience_has_no_end() -> None:
    patient = erlang_a(arrivals_per_s=0.1, handling_s=80, agents=10, patience_s=1e9)
    endless = erlang_c(arrivals_per_s=0.1, handling_s=80, agents=10)
    assert patient.must_wait == pytest.approx(endless.must_wait, rel=1e-4)
    assert patient.wait_s == pytest.approx(endless.wait_s, rel=1e-4)
    assert patient.left == pytest.approx(0, abs=1e-6)
