"""The whole grid of states and triggers is decided, and reads as it should."""

from __future__ import annotations

import pytest

from chat.lifecycle import OWNER, TRANSITIONS, IllegalTransition, State, Trigger, grid, next_state


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("trigger", Trigger)
def test_every_pair_is_a_state_or_illegal(state: State, trigger: Trigger) -> None:
    if (state, trigger) in TRANSITIONS:
        assert next_state(state, trigger) in State
    else:
        with pytest.raises(IllegalTransition, match=trigger):
            next_state(state, trigger)


def test_grid_prints_every_state_and_trigger(capsys: pytest.CaptureFixture[str]) -> None:
    print(grid())  # noqa: T201  # the grid is for people to read
    printed = capsys.readouterr().out
    assert len(printed.splitlines()) == 2 + len(State)
    assert all(str(trigger) in printed for trigger in Trigger)


def test_every_open_state_can_be_closed_and_has_an_owner() -> None:
    for state in set(State) - {State.CLOSED}:
        assert (state, Trigger.RESOLVED) in TRANSITIONS
        assert OWNER[state] is not None
    assert OWNER[State.CLOSED] is None


def test_every_state_can_be_reached_and_left() -> None:
    assert set(TRANSITIONS.values()) == set(State)
    assert {state for state, _ in TRANSITIONS} == set(State)


def test_a_person_can_be_asked_for_wherever_there_is_none_yet() -> None:
    for state in (State.BOT, State.CALLBACK):
        assert next_state(state, Trigger.HANDOFF_REQUESTED) == State.QUEUED
