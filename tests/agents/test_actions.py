"""Choosing to be available, coming and going: what is stored, and that each change is told once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agents import actions, presence
from agents.facts import AgentPresenceChanged, AvailabilityChanged
from agents.models import Agent
from supportdesk import bus
from supportdesk.redis import redis


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    heard: list[object] = []
    monkeypatch.setattr(bus, "_table", {AvailabilityChanged: [heard.append], AgentPresenceChanged: [heard.append]})
    return heard


@pytest.fixture(autouse=True)
def _flushed() -> Iterator[None]:
    redis().flushdb()
    yield
    redis().flushdb()


def test_a_choice_is_stored_and_told_once(
    bob: Agent, told: list[object], django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's context manager
        actions.set_availability(agent_id=bob.id, availability="away", reason="lunch")
        actions.set_availability(agent_id=bob.id, availability="away", reason="lunch")
    bob.refresh_from_db()
    assert (bob.availability, bob.availability_reason) == ("away", "lunch")
    assert told == [AvailabilityChanged(bob.id, "away", "lunch")]


def test_an_unknown_availability_is_refused(bob: Agent) -> None:
    with pytest.raises(ValueError, match="asleep"):
        actions.set_availability(agent_id=bob.id, availability="asleep")


@pytest.mark.django_db(transaction=True)
def test_coming_and_going_is_told_once_however_many_sockets(told: list[object]) -> None:
    actions.came_online(1, "tab-a")
    actions.came_online(1, "tab-b")
    actions.socket_gone(1, "tab-a")
    actions.socket_gone(1, "tab-b")
    assert told == [AgentPresenceChanged(1, online=True), AgentPresenceChanged(1, online=False)]


@pytest.mark.django_db(transaction=True)
def test_unnoticed_changes_are_found(told: list[object]) -> None:
    presence.heard(1, "tab-a")
    actions.notice_presence()
    redis().delete(presence.AGENTS)
    actions.notice_presence()
    actions.notice_presence()
    assert told == [AgentPresenceChanged(1, online=True), AgentPresenceChanged(1, online=False)]
