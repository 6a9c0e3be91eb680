"""The wait as told: for the agents who suit, behind those who want the same, of whom some leave."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chat.waits import leaving_rate, wait_range
from routing.assignment import Candidate, Need, Target
from routing.forecast import Pace, forecast

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PACE = Pace(200.0)


def agent(pk: int, *skills: str, capacity: int = 1, teams: tuple[int, ...] = ()) -> Candidate:
    return Candidate(
        id=pk, name=f"agent {pk}", skills=dict.fromkeys(skills, 3), languages=frozenset(), team_ids=frozenset(teams),
        load=capacity, capacity=capacity, idle_since=NOW, is_online=True, is_available=True,
    )  # fmt: skip


def anybody(waited_s: float = 0) -> Need:
    return Need(since=NOW - timedelta(seconds=waited_s))


def fraud(waited_s: float = 0, relax_s: float = 10_000) -> Need:
    return Need(skills={"fraud": 0}, since=NOW - timedelta(seconds=waited_s), relax_s=relax_s)


def middles(line: list[Need], agents: list[Candidate], pace: Pace = PACE) -> list[float]:
    return [sum(wait) / 2 for wait in forecast(line, agents, NOW, pace) if wait is not None]


@given(st.integers(1, 30), st.integers(1, 8))
def test_where_all_are_alike_it_is_the_gamma_distribution_of_the_place(waiting: int, agents: int) -> None:
    told = forecast([anybody()] * waiting, [agent(n) for n in range(agents)], NOW, PACE)
    expected = [wait_range(place, agents, 200.0) for place in range(1, waiting + 1)]
    assert None not in told
    ends = [[end for wait in waits if wait is not None for end in wait] for waits in (told, expected)]
    assert all(abs(a - b) <= 1 for a, b in zip(*ends, strict=True))


def test_who_needs_an_expert_waits_for_one_and_others_pass_him() -> None:
    agents = [agent(1, "fraud"), agent(2), agent(3), agent(4)]
    first, second, other = middles([fraud(), fraud(), anybody()], agents)
    assert first < second
    assert other < second, "three others are for him"
    assert other < middles([anybody()] * 3, agents)[2], "of the two ahead only the expert's time is gone"


def test_a_skill_that_counts_no_more_soon_is_not_waited_for_long() -> None:
    agents = [agent(1, "fraud"), *(agent(n) for n in range(2, 12))]
    line = [fraud(relax_s=30)] * 6
    assert middles(line, agents)[5] < middles([fraud()] * 6, agents)[5] / 3


def test_a_target_that_opens_later_helps_from_then_on() -> None:
    agents = [agent(1, teams=(1,)), *(agent(n, teams=(2,)) for n in range(2, 12))]
    alone = Need(since=NOW, targets=(Target(1),))
    helped = Need(since=NOW, targets=(Target(1), Target(2, opens_s=60)))
    assert middles([helped] * 6, agents)[5] < middles([alone] * 6, agents)[5] / 3


def test_those_who_leave_make_it_shorter() -> None:
    agents = [agent(n) for n in range(3)]
    patient = middles([anybody()] * 30, agents)
    leaving = middles([anybody()] * 30, agents, Pace(200.0, 1 / 300))
    assert all(a < b for a, b in zip(leaving, patient, strict=True))
    assert leaving[29] < patient[29] / 2


def test_a_hard_conversation_ahead_counts_for_what_it_takes() -> None:
    agents = [agent(1, capacity=4)]
    assert middles([Need(since=NOW, units=3), anybody()], agents)[1] > middles([anybody(), anybody()], agents)[1]


def test_with_nobody_there_no_number_is_told() -> None:
    assert forecast([anybody(), fraud()], [], NOW, PACE) == [None, None]


def test_few_who_left_are_trusted_little() -> None:
    assert leaving_rate(0, 0) == 0
    assert leaving_rate(1, 10) < 1 / 3_600
    assert leaving_rate(1_000, 200_000) > 0.98 / 200
