"""Teams with their fallbacks, agents with levels and permissions, shifts that agents take."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from agents.models import Agent, Role, Team
from agents.teams import comes_round
from chat.lifecycle import State
from chat.models import Conversation, Customer
from supportdesk.clock import now
from tests import cast
from tests.api import speakers
from tests.floor import is_there

pytestmark = pytest.mark.django_db


def supervisor(carol: Agent) -> speakers.Speaker:
    Agent.objects.filter(pk=carol.pk).update(role=Role.SUPERVISOR)
    carol.refresh_from_db()
    return speakers.agent(carol)


def admin(carol: Agent) -> speakers.Speaker:
    Agent.objects.filter(pk=carol.pk).update(role=Role.ADMIN)
    carol.refresh_from_db()
    return speakers.agent(carol)


def shift_in(hours: int, team: Team, **fields: Any) -> dict[str, Any]:
    starts = now() + timedelta(hours=hours)
    ends = starts + timedelta(hours=4)
    return {"team_id": team.id, "starts_at": starts.isoformat(), "ends_at": ends.isoformat(), **fields}


def test_only_supervisors_change_agents_and_teams(bob: Agent) -> None:
    team, rest = Team.objects.create(name="Payments"), speakers.agent(bob)
    assert rest.is_refused(f"agents/{bob.id}/", {"can_pick": True}, "PATCH") == (403, "forbidden")
    assert rest.is_refused(f"teams/{team.id}/", {"fallback_id": None}, "PATCH") == (403, "forbidden")
    assert rest.is_refused("shifts/", shift_in(1, team)) == (403, "forbidden")


def test_an_agent_gets_levels_teams_and_a_permission(bob: Agent, carol: Agent) -> None:
    team, rest = Team.objects.create(name="Payments"), supervisor(carol)
    rest.does(f"agents/{bob.id}/", {"skills": {"returns": 1}, "capacity": 2}, "PATCH")
    change = {"skills": {"fraud": 5, "lamps": 2}, "team_ids": [team.id], "can_pick": True, "languages": ["de"]}
    changed = rest.does(f"agents/{bob.id}/", change, "PATCH")
    assert changed["levels"] == {"fraud": 5, "lamps": 2}
    assert (changed["teams"], changed["can_pick"], changed["capacity"]) == (["Payments"], True, 2)
    assert changed in rest.get("agents/")["items"]
    for wrong in ({"skills": {"fraud": 6}}, {"team_ids": [2**40]}, {"capacity": -1}):
        assert rest.is_refused(f"agents/{bob.id}/", wrong, "PATCH") == (400, "bad_value")
    assert rest.is_refused(f"agents/{2**40}/", {"capacity": 1}, "PATCH") == (404, "not_found")


def test_a_chain_of_fallbacks_never_comes_round(carol: Agent) -> None:
    first, second, third = (Team.objects.create(name=name) for name in ("A", "B", "C"))
    rest = supervisor(carol)
    rest.does(f"teams/{first.id}/", {"fallback_id": second.id, "fallback_s": 30}, "PATCH")
    rest.does(f"teams/{second.id}/", {"fallback_id": third.id}, "PATCH")
    for team in (first, third):
        assert rest.is_refused(f"teams/{third.id}/", {"fallback_id": team.id}, "PATCH") == (400, "bad_value")
    rest.does(f"teams/{first.id}/", {"accepts_by_itself": True}, "PATCH")
    (shown, *_) = rest.get("teams/")["items"]
    assert (shown["fallback_id"], shown["fallback_s"], shown["accepts_by_itself"]) == (second.id, 30, True)


@given(st.dictionaries(st.integers(0, 6), st.none() | st.integers(0, 6)), st.integers(0, 6), st.integers(0, 6))
def test_whatever_is_saved_one_after_the_other_no_chain_comes_round(
    wanted: dict[int, int | None], start: int, steps: int
) -> None:
    saved: dict[int, int | None] = {}
    for team, fallback in wanted.items():
        if not comes_round(team, fallback, saved):
            saved[team] = fallback
    at: int | None = start
    for _ in range(7):
        at = saved.get(at) if at is not None else None
    assert at is None


def test_a_shift_is_taken_by_as_many_as_it_has_places(bob: Agent, carol: Agent) -> None:
    team, rest = Team.objects.create(name="Payments"), supervisor(carol)
    made = rest.does("shifts/", shift_in(1, team))
    path, by_bob = f"shifts/{made['id']}/take/", speakers.agent(bob)
    assert by_bob.does(path)["agent_ids"] == [bob.id]
    assert by_bob.does(path)["agent_ids"] == [bob.id], "twice is once"
    assert rest.is_refused(path) == (409, "already_taken")
    beside = rest.does("shifts/", shift_in(3, team, places=2))
    assert by_bob.is_refused(f"shifts/{beside['id']}/take/") == (409, "already_taken"), "in two places at once"
    assert by_bob.does(path, method="DELETE")["agent_ids"] == []
    assert rest.does(path)["agent_ids"] == [carol.id]
    assert [shift["id"] for shift in rest.get("shifts/")["items"]] == [made["id"], beside["id"]]
    over = rest.does("shifts/", shift_in(-9, team))
    assert by_bob.is_refused(f"shifts/{over['id']}/take/") == (409, "already_taken")
    assert by_bob.is_refused("shifts/999999/take/") == (404, "not_found")
    assert by_bob.is_refused(f"shifts/{made['id']}/", method="DELETE") == (403, "forbidden")
    for _ in range(2):
        rest.does(f"shifts/{made['id']}/", method="DELETE")
    assert [shift["id"] for shift in rest.get("shifts/")["items"]] == [beside["id"]]


def test_picking_from_the_queue_needs_the_permission_and_room(ana: Customer, bob: Agent, dan: Customer) -> None:
    waiting = cast.queued(ana)
    path, rest = f"conversations/{waiting.id}/pick/", speakers.agent(is_there(bob))
    assert rest.is_refused(path) == (403, "forbidden")
    Agent.objects.update(can_pick=True, capacity=1)
    assert rest.does(path)["state"] == "assigned"
    assert rest.does(path)["state"] == "assigned", "twice is once"
    other = cast.queued(dan)
    assert rest.is_refused(f"conversations/{other.id}/pick/") == (409, "illegal_transition")
    assert Conversation.objects.get(pk=other.id).state == State.QUEUED


NEW = {"username": "ada", "password": "a long sentence", "name": "Ada"}


def test_admins_hire_who_then_signs_in(carol: Agent) -> None:
    rest = admin(carol)
    hired = rest.does("agents/", {**NEW, "role": "supervisor"})
    assert (hired["name"], hired["role"], hired["is_active"]) == ("Ada", "supervisor", True)
    assert hired in rest.get("agents/")["items"]
    assert authenticate(username="ada", password=NEW["password"]) is not None
    for wrong in (NEW, {**NEW, "username": "a b"}, {**NEW, "username": "eve", "password": "short"}):
        assert rest.is_refused("agents/", wrong) == (400, "bad_value")
    assert Agent.objects.filter(user__username__in=["a b", "eve"]).count() == 0


def test_only_admins_hire_and_change_roles_and_nobody_his_own(bob: Agent, carol: Agent) -> None:
    rest = supervisor(carol)
    for speaker in (rest, speakers.desk("read", "write")):
        assert speaker.is_refused("agents/", NEW) == (403, "forbidden")
        assert speaker.is_refused(f"agents/{bob.id}/", {"role": "admin"}, "PATCH") == (403, "forbidden")
    Agent.objects.filter(pk=carol.pk).update(role=Role.ADMIN)
    assert rest.does(f"agents/{bob.id}/", {"role": "supervisor"}, "PATCH")["role"] == "supervisor"
    for own in ({"role": "agent"}, {"is_active": False}):
        assert rest.is_refused(f"agents/{carol.id}/", own, "PATCH") == (403, "forbidden")


def test_who_is_let_go_is_out_at_once_and_may_be_taken_back(bob: Agent, carol: Agent) -> None:
    by_bob, rest = speakers.agent(bob), admin(carol)
    by_bob.get("agents/")
    assert rest.does(f"agents/{bob.id}/", {"is_active": False}, "PATCH")["is_active"] is False
    assert by_bob.says("GET", "agents/")[0] == 401
    assert [each["is_active"] for each in rest.get("agents/")["items"]] == [False, True]
    Agent.objects.filter(pk=carol.pk).update(role=Role.SUPERVISOR)
    assert [each["name"] for each in rest.get("agents/")["items"]] == ["Carol"]
    Agent.objects.filter(pk=carol.pk).update(role=Role.ADMIN)
    rest.does(f"agents/{bob.id}/", {"is_active": True}, "PATCH")
    by_bob.get("agents/")


def test_the_first_admin_is_made_by_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("a long sentence\n"))
    call_command("create_agent", "ada", "--role", "admin", stdout=StringIO())
    assert Agent.objects.get(name="Ada").role == Role.ADMIN
    assert authenticate(username="ada", password="a long sentence") is not None
    monkeypatch.setattr("sys.stdin", StringIO("12345678\n"))
    with pytest.raises(CommandError, match="too common"):
        call_command("create_agent", "eve")


def test_supervisors_found_teams_and_set_their_hours(carol: Agent) -> None:
    rest = supervisor(carol)
    made = rest.does("teams/", {"name": "Night"})
    assert rest.is_refused("teams/", {"name": "Night"}) == (400, "bad_value")
    hours = {"tz": "Europe/Berlin", "fri": [["20:00", "24:00"]], "holidays": {"2026-12-25": []}}
    assert rest.does(f"teams/{made['id']}/", {"hours": hours}, "PATCH")["hours"] == hours
    bad: tuple[dict[str, Any], ...] = (
        {"tz": "Mars"}, {"fri": [["20:00", "19:00"]]}, {"someday": []}, {"holidays": {"soon": []}}, {"fri": 1},
    )  # fmt: skip
    for wrong in bad:
        assert rest.is_refused(f"teams/{made['id']}/", {"hours": wrong}, "PATCH") == (400, "bad_value"), wrong
    assert rest.does(f"teams/{made['id']}/", {"fallback_s": 9}, "PATCH")["hours"] == hours, "what is left out stays"


def test_supervisors_set_the_hours_and_the_policy_of_an_inbox(ana: Customer, carol: Agent) -> None:
    rest, path = supervisor(carol), f"inboxes/{ana.inbox_id}/"
    closed = {"tz": "UTC", "holidays": {str(now().date() + timedelta(days=n)): [] for n in range(-1, 2)}}
    assert rest.does(path, {"hours": closed, "reopen_to": "person", "callback_s": 600}, "PATCH")["is_open"] is False
    assert cast.queued(ana).state == State.CALLBACK, "asked for outside the hours"
    for wrong in ({"hours": {"mon": "all day"}}, {"reopen_to": "nobody"}, {"offer_s": 0}, {"callback_s": "soon"}):
        assert rest.is_refused(path, wrong, "PATCH") == (400, "bad_value"), wrong
    shown = rest.does(path, {}, "PATCH")
    assert (shown["hours"], shown["reopen_to"], shown["callback_s"]) == (closed, "person", 600)
