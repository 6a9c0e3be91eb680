"""The agents, who of them is there, and the availability each chooses."""

from __future__ import annotations

from typing import Annotated, Literal

from drf_spectacular.utils import extend_schema
from pydantic import StringConstraints
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents import presence
from agents.actions import set_availability
from agents.api.caller import agent_of, caller_of
from agents.models import Agent
from agents.staff import NotHired, hire
from supportdesk.api.refused import Forbidden, Refused
from supportdesk.api.shapes import LineOfText, Shape, Storable, answer, read_body

MOST = 500
RoleName = Literal["agent", "supervisor", "admin"]


class AgentEntry(Shape):
    id: int
    name: str
    role: str
    is_active: bool
    online: bool
    availability: str
    availability_reason: str
    capacity: int
    can_pick: bool
    languages: list[str]
    skills: list[str]
    levels: dict[str, int]
    teams: list[str]


class HireAgent(Shape):
    username: Annotated[Storable, StringConstraints(min_length=1, max_length=150)]
    password: Annotated[Storable, StringConstraints(min_length=1)]
    name: Annotated[Storable, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
    role: RoleName = "agent"


class AgentList(Shape):
    items: list[AgentEntry]


class ChooseAvailability(Shape):
    availability: Literal["available", "away"]
    reason: LineOfText = ""


class ChosenAvailability(Shape):
    availability: str
    reason: str
    online: bool


class AgentsView(APIView):
    @extend_schema(operation_id="agents_list", responses=AgentList)
    def get(self, request: Request) -> Response:
        """Everybody who may sign in, by name; for admins also who was let go."""
        online = presence.online_ids()
        rows = Agent.objects.select_related("user").prefetch_related("levels__skill", "teams")
        shown = rows if caller_of(request).administers() else rows.filter(user__is_active=True)
        return answer(AgentList(items=[entry(row, row.id in online) for row in shown.order_by("name", "id")[:MOST]]))

    @extend_schema(operation_id="agents_hire", request=HireAgent, responses={201: AgentEntry})
    def post(self, request: Request) -> Response:
        """Somebody new, who signs in with this username and password; for admins."""
        if not caller_of(request).administers():
            raise Forbidden("Only admins hire.")
        new = read_body(request, HireAgent)
        try:
            agent = hire(username=new.username, password=new.password, name=new.name, role=new.role)
        except NotHired as problem:
            raise Refused("bad_value", str(problem)) from None
        return answer(entry(agent, online=False), status=201)


class AvailabilityView(APIView):
    @extend_schema(operation_id="availability_read", responses=ChosenAvailability)
    def get(self, request: Request) -> Response:
        """The calling agent's own."""
        return _chosen(agent_of(request))

    @extend_schema(operation_id="availability_set", request=ChooseAvailability, responses=ChosenAvailability)
    def put(self, request: Request) -> Response:
        """Whether this agent is offered conversations. Offers also need a socket: `online` says if there is one."""
        agent, wanted = agent_of(request), read_body(request, ChooseAvailability)
        return _chosen(set_availability(agent_id=agent.id, availability=wanted.availability, reason=wanted.reason))


def entry(row: Agent, online: bool) -> AgentEntry:
    return AgentEntry(
        id=row.id,
        name=row.name,
        role=row.role,
        is_active=row.user.is_active,
        online=online,
        availability=row.availability,
        availability_reason=row.availability_reason,
        capacity=row.capacity,
        can_pick=row.may_pick(),
        languages=row.languages,
        skills=sorted(each.skill.name for each in row.levels.all()),
        levels={each.skill.name: each.level for each in row.levels.all()},
        teams=sorted(team.name for team in row.teams.all()),
    )


def _chosen(agent: Agent) -> Response:
    return answer(
        ChosenAvailability(
            availability=agent.availability,
            reason=agent.availability_reason,
            online=presence.is_online(agent.id),
        )
    )
