"""Whom a conversation is offered to: every rule of the choice, and what no choice may ever do."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from routing.assignment import ANYBODY, ASK_AGAIN, Candidate, Chosen, Need, Wait, choose_agent
from routing.targets import TeamRow, targets_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BOB = Candidate(
    1, "Bob", {}, frozenset({"en"}), frozenset(), 0, 4, NOON - timedelta(minutes=12), True, True
)  # fmt: skip
CAROL = replace(BOB, id=2, name="Carol")
DAN = replace(BOB, id=3, name="Dan")
TEAMS = {
    7: TeamRow(7, "Payments", fallback_id=8, fallback_s=60),
    8: TeamRow(8, "Second line", accepts_by_itself=True),
}


def waited(seconds: int, need: Need) -> Need:
    return replace(need, since=NOON - timedelta(seconds=seconds))


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
    need = Need(skills={"fraud": 0, "refunds": 0})
    half = replace(BOB, skills={"fraud": 3})
    assert chosen(need, half, replace(CAROL, skills={"fraud": 1, "refunds": 1}, load=3)) == CAROL.id


def test_any_person_now_is_better_than_the_right_one_at_some_time() -> None:
    need = Need(skills={"fraud": 0})
    assert chosen(need, BOB) == BOB.id
    assert "as nobody with skill fraud is online" in why(need, BOB)


def test_a_level_is_asked_for_until_it_relaxes_and_then_the_skill_does() -> None:
    novice, expert = replace(BOB, skills={"fraud": 2}), replace(CAROL, skills={"fraud": 5}, load=4)
    need = Need(skills={"fraud": 4})
    assert chosen(waited(0, need), novice, expert, DAN) is None, "the expert is busy, and waited for"
    assert chosen(waited(60, need), novice, expert, DAN) == novice.id
    busy = replace(novice, load=4)
    assert chosen(waited(60, need), busy, expert, DAN) is None
    assert chosen(waited(120, need), busy, expert, DAN) == DAN.id
    assert "waited 120 s" in why(waited(120, need), busy, expert, DAN)
    assert chosen(waited(120, need), novice, replace(expert, load=3), DAN) == expert.id, "still preferred"


def test_preferred_skills_decide_among_the_free_and_keep_nobody_waiting() -> None:
    need = Need(preferred_skills=frozenset({"lamps"}))
    knows = replace(CAROL, skills={"lamps": 1}, load=2)
    assert chosen(need, BOB, knows) == CAROL.id
    assert chosen(need, BOB, replace(knows, load=4)) == BOB.id
    assert ", knows lamps" in why(need, BOB, knows)


def test_the_same_agent_for_a_returning_customer_only_if_there_and_free() -> None:
    need = Need(preferred_agent_id=CAROL.id, language="en")
    known = replace(CAROL, load=3, languages=frozenset())
    assert chosen(need, BOB, known) == CAROL.id
    assert why(need, BOB, known).startswith("had this customer last")
    assert chosen(need, BOB, replace(known, load=4)) == BOB.id
    assert chosen(need, BOB, replace(known, is_online=False)) == BOB.id


def test_a_hard_conversation_takes_more_room_and_an_idle_agent_takes_any() -> None:
    need = Need(units=3)
    assert chosen(need, replace(BOB, load=2), replace(CAROL, load=1)) == CAROL.id
    assert chosen(need, replace(BOB, load=2)) is None
    assert chosen(need, replace(BOB, capacity=2)) == BOB.id


def test_a_team_falls_back_with_time_and_to_anybody_at_last() -> None:
    full, second = replace(BOB, team_ids=frozenset({7}), load=4), replace(CAROL, team_ids=frozenset({8}))
    need = Need(targets=targets_of(7, TEAMS, 180))
    assert chosen(waited(0, need), full, second, DAN) is None
    assert chosen(waited(60, need), full, second, DAN) == CAROL.id
    assert chosen(waited(100, need), full, replace(second, load=4), DAN) is None
    assert chosen(waited(180, need), full, replace(second, load=4), DAN) == DAN.id
    assert chosen(waited(180, need), replace(full, load=3), second, DAN) == BOB.id, "the first target goes first"


def test_a_team_of_whom_nobody_is_there_is_not_waited_for_but_anybody_is_asked_only_at_last() -> None:
    second = replace(CAROL, team_ids=frozenset({8}))
    need = Need(targets=targets_of(7, TEAMS, 180))
    assert chosen(need, second, DAN) == CAROL.id
    assert why(need, DAN) == "nobody online in Payments"
    assert chosen(waited(180, need), DAN) == DAN.id


def test_a_team_may_accept_by_itself() -> None:
    both = replace(BOB, team_ids=frozenset({7, 8}))
    said = "the only one free in Second line (0 of 4), idle since 11:48"
    assert choose_agent(Need(targets=targets_of(8, TEAMS, 180)), [both], NOON) == Chosen(BOB.id, said, accepted=True)
    asked = choose_agent(Need(targets=targets_of(7, TEAMS, 180)), [both], NOON)
    assert isinstance(asked, Chosen)
    assert not asked.accepted
    for_anybody = choose_agent(Need(), [replace(BOB, accepts_by_itself=True)], NOON)
    assert isinstance(for_anybody, Chosen)
    assert for_anybody.accepted


def test_a_chain_that_came_round_would_still_end() -> None:
    teams = {1: TeamRow(1, "One", 2), 2: TeamRow(2, "Two", 1)}
    assert [target.team_id for target in targets_of(1, teams, 180)] == [1, 2, None]
    assert targets_of(9, teams, 180) == targets_of(None, teams, 180) == ANYBODY


def test_the_agent_it_was_transferred_to_goes_first_even_when_he_must_be_waited_for() -> None:
    need = Need(agent_id=CAROL.id)
    assert chosen(need, BOB, replace(CAROL, load=3)) == CAROL.id
    assert chosen(need, BOB, replace(CAROL, load=4)) is None
    assert chosen(need, BOB, replace(CAROL, is_online=False)) == BOB.id
    assert chosen(replace(need, passed_by=frozenset({CAROL.id})), BOB, CAROL) == BOB.id
    assert chosen(waited(180, need), BOB, replace(CAROL, load=4)) == BOB.id, "but not for ever"


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
    need = Need(skills={"fraud": 0})
    three = [replace(BOB, id=n, skills={"fraud": 3}, load=n) for n in (1, 2, 3)]
    assert why(need, *three) == "least loaded of 3 free with skill fraud (1 of 4), idle since 11:48"


SKILLS = st.dictionaries(st.sampled_from(["fraud", "returns"]), st.integers(0, 5))
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        id=st.integers(1, 12),
        name=st.just("Agent"),
        skills=SKILLS,
        languages=st.frozensets(st.sampled_from(["en", "fr"])),
        team_ids=st.frozensets(st.sampled_from([7, 8])),
        load=st.integers(0, 5),
        capacity=st.integers(0, 4),
        idle_since=st.integers(0, 3).map(lambda hours: NOON - timedelta(hours=hours)),
        is_online=st.booleans(),
        is_available=st.booleans(),
        accepts_by_itself=st.booleans(),
    ),
    unique_by=lambda c: c.id,
    max_size=8,
)
NEEDS = st.builds(
    Need,
    skills=SKILLS,
    preferred_skills=st.frozensets(st.sampled_from(["fraud", "returns"])),
    language=st.sampled_from(["", "en", "fr"]),
    targets=st.sampled_from([None, 7, 8]).map(lambda team_id: targets_of(team_id, TEAMS, 180)),
    agent_id=st.none() | st.integers(1, 12),
    preferred_agent_id=st.none() | st.integers(1, 12),
    units=st.integers(1, 3),
    since=st.integers(0, 240).map(lambda seconds: NOON - timedelta(seconds=seconds)),
    passed_by=st.frozensets(st.integers(1, 12)),
    passed_at=st.none() | st.integers(0, 60).map(lambda seconds: NOON - timedelta(seconds=seconds)),
)


@given(NEEDS, CANDIDATES, st.integers(0, 240))
def test_whoever_waits_longer_for_the_same_is_never_served_by_fewer(
    need: Need, candidates: list[Candidate], more_s: int
) -> None:
    """What lets a walk leave out all who stand behind one that must wait."""
    need = replace(need, passed_by=frozenset())
    assert need.since is not None
    longer = replace(need, since=need.since - timedelta(seconds=more_s))
    if isinstance(choose_agent(need, candidates, NOON), Chosen):
        assert isinstance(choose_agent(longer, candidates, NOON), Chosen)


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
        assert agent.capacity > 0
        assert agent.load == 0 or agent.load + need.units <= agent.capacity
    else:
        assert isinstance(choice, Wait)
