"""What the bot keeps and what it would keep at other bars, for supervisors; the intents there are, for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal

from drf_spectacular.utils import extend_schema
from pydantic import StringConstraints
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from flows import breaker
from flows.models import Action
from routing import automation, limits, versions
from routing.api.learning import check_supervises
from routing.api.risk import inbox_of
from supportdesk.api.shapes import Shape, answer, read_query
from supportdesk.clock import now

DAYS = 30


class ShareShown(Shape):
    """`kept` of `turns` the bot took. `intent` empty: none was clear."""

    intent: str
    turns: int
    kept: int


class Automation(Shape):
    since: datetime
    items: list[ShareShown]


class CurveAsked(Shape):
    intent: Annotated[str, StringConstraints(max_length=60, pattern="^[a-z0-9_]*$")] = ""


class PointShown(Shape):
    bar: float
    kept: float
    wrong: float


class Curve(Shape):
    """Of the live model's held-out examples, all or those taken for `intent`; empty where nothing is known."""

    intent: str
    points: list[PointShown]


class IntentList(Shape):
    items: list[str]


class ActionShown(Shape):
    """`state` `resting`: it failed too often in a row and is left alone for half a minute at a time; customers go to
    people meanwhile. `unknown` while Redis is away. `intents`: whose flows call it."""

    name: str
    intents: list[str]
    failures: int
    state: Literal["works", "failing", "resting", "unknown"]


class ActionList(Shape):
    items: list[ActionShown]


class AutomationView(APIView):
    @extend_schema(operation_id="automation", responses=Automation)
    def get(self, request: Request, inbox_id: int) -> Response:
        """How many turns of each intent the bot took in the last 30 days, small talk left out."""
        check_supervises(request)
        since = now() - timedelta(days=DAYS)
        found = automation.shares(inbox_of(inbox_id).pk, since)
        items = [ShareShown(intent=each.intent, turns=each.turns, kept=each.kept) for each in found]
        return answer(Automation(since=since, items=items))


class ActionsView(APIView):
    @extend_schema(operation_id="actions_list", responses=ActionList)
    def get(self, request: Request, inbox_id: int) -> Response:
        """What the bot can have the merchant do, and whether the merchant answers."""
        check_supervises(request)
        actions = list(inbox_of(inbox_id).actions.prefetch_related("flows").order_by("name"))
        counted = breaker.failures_of([action.pk for action in actions])
        failures: Sequence[int | None] = counted if counted is not None else [None] * len(actions)
        shown = [_action(action, count) for action, count in zip(actions, failures, strict=True)]
        return answer(ActionList(items=shown))


def _action(action: Action, failures: int | None) -> ActionShown:
    intents = sorted({flow.intent for flow in action.flows.all() if flow.enabled})
    return ActionShown(name=action.name, intents=intents, failures=failures or 0, state=_state(failures))


def _state(failures: int | None) -> Literal["works", "failing", "resting", "unknown"]:
    if failures is None:
        return "unknown"
    if failures >= breaker.FAILURES:
        return "resting"
    return "failing" if failures else "works"


class CurveView(APIView):
    @extend_schema(operation_id="risk_curve", responses=Curve)
    def get(self, request: Request, inbox_id: int) -> Response:
        """The share kept against the share wrong, bar by bar: what a limit chooses from."""
        check_supervises(request)
        inbox_of(inbox_id)
        asked = read_query(request, CurveAsked).intent
        points = automation.curve(limits.held_out_of(versions.live_number()), asked)
        shown = [PointShown(bar=each.bar, kept=each.kept, wrong=each.wrong) for each in points]
        return answer(Curve(intent=asked, points=shown))


class IntentsView(APIView):
    @extend_schema(operation_id="intents_list", responses=IntentList)
    def get(self, request: Request) -> Response:
        """The intents that the live model tells apart, and those that an inbox has settings for."""
        return answer(IntentList(items=list(automation.known_intents())))
