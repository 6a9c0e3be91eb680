"""Who can do what, for supervisors to change: agents, teams with their fallbacks, and shifts that agents take."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from drf_spectacular.utils import extend_schema
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents import shifts
from agents.api.agents import AgentEntry, RoleName, entry
from agents.api.caller import agent_of, caller_of
from agents.hours import checked
from agents.models import LEVELS, Agent, Shift, Team
from agents.presence import is_online
from agents.staff import employ
from agents.teams import FallbackCycle, NameTaken, change_agent, change_team, found_team
from supportdesk.api.refused import Forbidden, Refused
from supportdesk.api.shapes import Shape, Storable, answer, read_body

Id = Annotated[int, Field(strict=True, ge=1, le=2**63 - 1)]
SkillName = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]{1,60}$")]
Level = Annotated[int, Field(strict=True, ge=LEVELS[0], le=LEVELS[-1])]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
HoursGiven = Annotated[dict[str, Any], AfterValidator(checked)]


class ChangeAgent(Shape):
    """What is left out stays."""

    capacity: Annotated[int, Field(strict=True, ge=0, le=100)] | None = None
    languages: Annotated[list[Language], Field(max_length=20)] | None = None
    skills: Annotated[dict[SkillName, Level], Field(max_length=100)] | None = None
    team_ids: Annotated[list[Id], Field(max_length=100)] | None = None
    can_pick: bool | None = None
    role: RoleName | None = None
    is_active: bool | None = None


class TeamEntry(Shape):
    id: int
    name: str
    fallback_id: int | None
    fallback_s: int
    accepts_by_itself: bool
    hours: dict[str, Any]


class TeamList(Shape):
    items: list[TeamEntry]


class NewTeam(Shape):
    name: Annotated[Storable, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]


class ChangeTeam(Shape):
    """What is left out stays; `fallback_id` null is no fallback."""

    fallback_id: Id | None = None
    fallback_s: Annotated[int, Field(strict=True, ge=0, le=86_400)] = 60
    accepts_by_itself: bool = False
    hours: HoursGiven = Field(default_factory=dict)


class NewShift(Shape):
    team_id: Id
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    places: Annotated[int, Field(strict=True, ge=1, le=500)] = 1


class ShiftEntry(Shape):
    id: int
    team_id: int
    team: str
    starts_at: datetime
    ends_at: datetime
    places: int
    agent_ids: list[int]


class ShiftList(Shape):
    items: list[ShiftEntry]


class AgentView(APIView):
    @extend_schema(operation_id="agents_change", request=ChangeAgent, responses=AgentEntry)
    def patch(self, request: Request, agent_id: int) -> Response:
        """Capacity, languages, skills with levels 1 to 5, teams, and whether he may pick from the queue. Admins also
        change the role, and whether he may sign in at all: nobody his own."""
        _check_supervises(request)
        wanted = read_body(request, ChangeAgent).model_dump(exclude_none=True)
        employment = {name: wanted.pop(name) for name in ("role", "is_active") if name in wanted}
        if employment:
            _check_administers(request, agent_id)
        try:
            employ(agent_id=agent_id, **employment)
            changed = change_agent(agent_id=agent_id, **wanted)
        except Agent.DoesNotExist:
            raise Refused("not_found", "There is no such agent.", status=404) from None
        except Team.DoesNotExist:
            raise Refused("bad_value", "team_ids: there is no such team.") from None
        return answer(entry(changed, is_online(agent_id)))


class TeamsView(APIView):
    @extend_schema(operation_id="teams_list", responses=TeamList)
    def get(self, request: Request) -> Response:
        """Every team, by name."""
        return answer(TeamList(items=[_team(row) for row in Team.objects.order_by("name")]))

    @extend_schema(operation_id="teams_create", request=NewTeam, responses={201: TeamEntry})
    def post(self, request: Request) -> Response:
        """A team without agents, without a fallback, open whenever the inbox is."""
        _check_supervises(request)
        try:
            return answer(_team(found_team(name=read_body(request, NewTeam).name)), status=201)
        except NameTaken:
            raise Refused("bad_value", "name: another team has that name.") from None


class TeamView(APIView):
    @extend_schema(operation_id="teams_change", request=ChangeTeam, responses=TeamEntry)
    def patch(self, request: Request, team_id: int) -> Response:
        """Whom it falls back to and when, whether its agents accept by themselves, and its hours
        (`{"tz": "Europe/Berlin", "mon": [["09:00", "17:00"]], "holidays": {"2026-12-25": []}}`)."""
        _check_supervises(request)
        wanted = read_body(request, ChangeTeam).model_dump(exclude_unset=True)
        try:
            return answer(_team(change_team(team_id=team_id, **wanted)))
        except FallbackCycle:
            raise Refused("bad_value", "fallback_id: the chain of fallbacks would come back to this team.") from None
        except Team.DoesNotExist:
            raise Refused("not_found", "There is no such team.", status=404) from None


class ShiftsView(APIView):
    @extend_schema(operation_id="shifts_list", responses=ShiftList)
    def get(self, request: Request) -> Response:
        """Those that are not over, the next first."""
        return answer(ShiftList(items=[_shift(row) for row in shifts.coming()]))

    @extend_schema(operation_id="shifts_create", request=NewShift, responses={201: ShiftEntry})
    def post(self, request: Request) -> Response:
        """Offers a shift of a team to whoever takes it."""
        _check_supervises(request)
        new = read_body(request, NewShift)
        team = Team.objects.filter(pk=new.team_id).first()
        if team is None:
            raise Refused("bad_value", "team_id: there is no such team.")
        if new.ends_at <= new.starts_at:
            raise Refused("bad_value", "ends_at must be after starts_at.")
        made = shifts.offer_shift(team=team, starts_at=new.starts_at, ends_at=new.ends_at, places=new.places)
        return answer(_shift(made), status=201)


class ShiftView(APIView):
    @extend_schema(operation_id="shifts_withdraw", request=None, responses={204: None})
    def delete(self, request: Request, shift_id: int) -> Response:
        """There is no such shift any more, whoever took it. Twice is once."""
        _check_supervises(request)
        shifts.withdraw_shift(shift_id=shift_id)
        return Response(status=204)


class TakeShiftView(APIView):
    @extend_schema(operation_id="shifts_take", request=None, responses=ShiftEntry)
    def post(self, request: Request, shift_id: int) -> Response:
        """The calling agent is of the shift's team while it lasts."""
        try:
            return answer(_shift(shifts.take_shift(shift_id=shift_id, agent=agent_of(request))))
        except shifts.NoPlace as why:
            raise Refused("already_taken", str(why), status=409) from None
        except Shift.DoesNotExist:
            raise _no_shift() from None

    @extend_schema(operation_id="shifts_give_back", request=None, responses=ShiftEntry)
    def delete(self, request: Request, shift_id: int) -> Response:
        """For somebody else to take."""
        try:
            return answer(_shift(shifts.give_back_shift(shift_id=shift_id, agent=agent_of(request))))
        except Shift.DoesNotExist:
            raise _no_shift() from None


def _check_supervises(request: Request) -> None:
    if not caller_of(request).can_supervise():
        raise Forbidden("Only supervisors change that.")


def _check_administers(request: Request, agent_id: int) -> None:
    caller = caller_of(request)
    if not caller.administers():
        raise Forbidden("Only admins change roles, let agents go and take them back.")
    if caller.agent is not None and caller.agent.pk == agent_id:
        raise Forbidden("Nobody changes his own role or lets himself go: ask another admin.")


def _no_shift() -> Refused:
    return Refused("not_found", "There is no such shift.", status=404)


def _team(row: Team) -> TeamEntry:
    return TeamEntry(**{name: getattr(row, name) for name in TeamEntry.model_fields})


def _shift(row: Shift) -> ShiftEntry:
    return ShiftEntry(
        id=row.pk, team_id=row.team_id, team=row.team.name, starts_at=row.starts_at, ends_at=row.ends_at,
        places=row.places, agent_ids=[agent.pk for agent in row.agents.all()],
    )  # fmt: skip
