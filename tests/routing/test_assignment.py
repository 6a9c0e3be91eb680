"""Whom a conversation is offered to: every rule of the choice, and what no choice may ever do."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from routing.assignment import ASK_AGAIN, Candidate, Chosen, Need, Wait, choose_agent

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BOB = Candidate(
    1, "Bob", frozenset(), frozenset({"en"}), frozenset(), 0, 4, NOON - timedelta(minutes=12), True, True
)  # fmt: skip
CAROL = replace(BOB, id=2, name="Carol")


def chosen(need: Need, *candidates: Candidate) -> int | None:
    choice = choose_agent(need, candidates, NOON)
    return choice.agent_id if isinstance(choice, Chosen) else None


def why(need: Need, *candidates: Candidate) -> str:
    return choose_agent(need, candidates, NOON).why


def test_the_lowest_id_where_all_is_equal() -> None:
    assert chosen(Need(), CAROL, BOB) == BOB.id


def test_nobody_offline_or_away() -> None:
    assert chosen(Need(), replace(BOB, is_online=False), replace(CAROL, is_available=False)) is None
    assert why(Need(), replace(BOB, is_online=False)) == "nobody is online and available"


def test_the_least_loaded_in_proportion_to_capacity() -> None:
    assert chosen(Need(), replace(BOB, load=1, capacity=2), replace(CAROL, load=2, capacity=6)) == CAROL.id


def test_the_longest_idle_of_equally_loaded() -> None:
    assert chosen(Need(), BOB, replace(CAROL, idle_since=NOON - timedelta(hours=1))) == CAROL.id


def test_language_is_preferred_over_load_but_not_required() -> None:
    french = replace(CAROL, languages=frozenset({"fr"}), load=3)
    assert chosen(Need(language="fr"), BOB, french) == CAROL.id
    assert chosen(Need(language="fr"), BOB) == BOB.id


def test_every_skill_counts_while_somebody_online_has_them() -> None:
    need = Need(skills=frozenset({"fraud", "refunds"}))
    half = replace(BOB, skills=frozenset({"fraud"}))
    assert chosen(need, half, replace(CAROL, skills=frozenset({"fraud", "refunds"}), load=3)) == CAROL.id


def test_any_person_now_is_better_than_the_right_one_at_some_time() -> None:
    need = Need(skills=frozenset({"fraud"}))
    assert chosen(need, BOB) == BOB.id
    assert "as nobody with skill fraud is online" in why(need, BOB)


def test_the_team_is_required() -> None:
    assert chosen(Need(team_id=7), BOB, replace(CAROL, team_ids=frozenset({7}))) == CAROL.id


def test_anybody_is_better_than_nobody_once_the_wait_ran_out() -> None:
    assert why(Need(team_id=7), BOB) == "nobody online in team 7"
    assert chosen(Need(team_id=7, waited_out=True), BOB) == BOB.id
    need = Need(skills=frozenset({"fraud"}), waited_out=True)
    full_expert = replace(CAROL, skills=frozenset({"fraud"}), load=4)
    assert chosen(need, BOB, full_expert) is None, "an expert who is busy is waited for"


def test_the_agent_it_was_transferred_to_goes_first_even_when_he_must_be_waited_for() -> None:
    need = Need(agent_id=CAROL.id)
    assert chosen(need, BOB, replace(CAROL, load=3)) == CAROL.id
    assert chosen(need, BOB, replace(CAROL, load=4)) is None
    assert chosen(need, BOB, replace(CAROL, is_online=False)) == BOB.id
    assert chosen(replace(need, passed_by=frozenset({CAROL.id})), BOB, CAROL) == BOB.id
    assert chosen(replace(need, waited_out=True), BOB, replace(CAROL, load=4)) == BOB.id, "but not for ever"


def test_who_passed_is_skipped_while_anybody_else_qualifies_busy_or_not() -> None:
    need = Need(passed_by=frozenset({BOB.id}))
    assert chosen(need, BOB, CAROL) == CAROL.id
    assert chosen(need, BOB, replace(CAROL, load=4)) is None
    assert chosen(need, BOB, replace(CAROL, is_online=False)) == BOB.id


def test_all_who_passed_are_asked_again_after_a_while() -> None:
    need = Need(passed_by=frozenset({BOB.id, CAROL.id}), passed_at=NOON - timedelta(seconds=5))
    assert chosen(need, BOB, CAROL) is None
    later = replace(need, passed_at=NOON - ASK_AGAIN)
    assert chosen(later, BOB, CAROL) == BOB.id
    assert why(later, BOB, CAROL).endswith("asked again as all have passed")


def test_the_reason_reads_like_a_sentence() -> None:
    need = Need(skills=frozenset({"fraud"}))
    three = [replace(BOB, id=n, skills=frozenset({"fraud"}), load=n) for n in (1, 2, 3)]
    assert why(need, *three) == "least loaded of 3 free with skill fraud (1 of 4), idle since 11:48"


SKILLS = st.frozensets(st.sampled_from(["fraud", "returns"]))
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        id=st.integers(1, 12),
        name=st.just("Agent"),
        skills=SKILLS,
        languages=st.frozensets(st.sampled_from(["en", "fr"])),
        team_ids=st.frozensets(st.integers(1, 2)),
        load=st.integers(0, 5),
        capacity=st.integers(0, 4),
        idle_since=st.integers(0, 3).map(lambda hours: NOON - timedelta(hours=hours)),
        is_online=st.booleans(),
        is_available=st.booleans(),
    ),
    unique_by=lambda c: c.id,
    max_size=8,
)
NEEDS = st.builds(
    Need,
    skills=SKILLS,
    language=st.sampled_from(["", "en", "fr"]),
    team_id=st.none() | st.integers(1, 2),
    agent_id=st.none() | st.integers(1, 12),
    passed_by=st.frozensets(st.integers(1, 12)),
    passed_at=st.none() | st.integers(0, 60).map(lambda seconds: NOON - timedelta(seconds=seconds)),
    waited_out=st.booleans(),
)


@given(NEEDS, CANDIDATES, st.randoms(use_true_random=False))
def test_never_offline_away_or_full_and_the_same_in_any_order(
    need: Need, candidates: list[Candidate], shuffler: random.Random
) -> None:
    choice = choose_agent(need, candidates, NOON)
    shuffled = list(candidates)
    shuffler.shuffle(shuffled)
    assert choose_agent(need, shuffled, NOON) == choice
    assert choice.why
    if isinstance(choice, Chosen):
        agent = next(c for c in candidates if c.id == choice.agent_id)
        assert agent.is_online
        assert agent.is_available
        assert agent.load < agent.capacity
    else:
        assert isinstance(choice, Wait)
