"""What the bot does for customers, for supervisors: each flow as it is, changed, switched off, tried without effect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from django.db import IntegrityError, transaction
from drf_spectacular.utils import extend_schema
from pydantic import AfterValidator, Field, StringConstraints
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.api.caller import KNOWLEDGE
from flows import checking, rehearsal
from flows.models import Action, Flow
from flows.spec import Spec
from routing.api.learning import BIGGEST_ID, CONFLICT, NOT_FOUND, Id, Name, Text, check_supervises
from routing.api.risk import inbox_of
from supportdesk.api.refused import Refused, Wrong
from supportdesk.api.shapes import Shape, answer, is_storable, read_body
from supportdesk.clock import now

SAID_MOST = 20
MOST = 200
"""Flows of an inbox."""
CREATED = 201
Code = Annotated[str, StringConstraints(max_length=60), AfterValidator(is_storable)]


class FlowGiven(Shape):
    """`version` as it was read. `spec` null: it stays as it is."""

    version: Id
    enabled: bool
    spec: dict[str, Any] | None = None


class NewFlow(Shape):
    """`action`: the name of one of the inbox's. It is off until it is switched on."""

    intent: Name
    action: Annotated[str, StringConstraints(max_length=60), AfterValidator(is_storable)]
    spec: dict[str, Any]


class FlowTried(Shape):
    """`said`: the customer's messages in turn. `refuses`: the code by which the merchant would refuse; empty: he does
    it. `spec` null: as it is saved."""

    said: Annotated[list[Text], Field(min_length=1, max_length=SAID_MOST)]
    refuses: Code = ""
    spec: dict[str, Any] | None = None


class FlowAction(Shape):
    name: str
    identity: Literal["none", "proven"]
    takes: list[str]
    gives: list[str]


class FlowShown(Shape):
    """`version` counts its saves. `open_runs`: customers who are in it."""

    id: int
    intent: str
    language: str
    version: int
    enabled: bool
    open_runs: int
    action: FlowAction
    spec: dict[str, Any]


class FlowList(Shape):
    """`actions`: what a flow of this inbox may end in."""

    items: list[FlowShown]
    actions: list[FlowAction]


class FlowSaid(Shape):
    """`desk`: what would happen here, and does not."""

    who: Literal["customer", "bot", "desk"]
    text: str


class Rehearsed(Shape):
    items: list[FlowSaid]


class FlowsView(APIView):
    scope = KNOWLEDGE

    @extend_schema(operation_id="flows_list", responses=FlowList)
    def get(self, request: Request, inbox_id: int) -> Response:
        """The inbox's flows, those that are switched off, too."""
        check_supervises(request)
        inbox = inbox_of(inbox_id)
        rows = inbox.flows.select_related("action").order_by("intent", "language")
        actions = [_action(each) for each in inbox.actions.order_by("name")]
        return answer(FlowList(items=[_shown(row) for row in rows], actions=actions))

    @extend_schema(operation_id="flows_add", request=NewFlow, responses={CREATED: FlowShown})
    def post(self, request: Request, inbox_id: int) -> Response:
        """A flow for an intent, or for one in another language; it is off, so that it can be tried first."""
        check_supervises(request)
        given, inbox = read_body(request, NewFlow), inbox_of(inbox_id)
        action = inbox.actions.filter(name=given.action).first()
        if action is None:
            raise Refused("bad_value", "action: this inbox has no such action: see GET inboxes/ID/flows/.")
        if inbox.flows.count() >= MOST:
            raise Refused("bad_value", f"An inbox has at most {MOST} flows.")
        spec = _checked(given.spec, action)
        try:
            with transaction.atomic():
                flow = Flow.objects.create(inbox=inbox, intent=given.intent, action=action, spec=spec, enabled=False)
        except IntegrityError:
            raise _spoken() from None
        return answer(_shown(_flow(flow.pk)), status=CREATED)


class FlowView(APIView):
    scope = KNOWLEDGE

    @extend_schema(operation_id="flows_set", request=FlowGiven, responses=FlowShown)
    def put(self, request: Request, flow_id: int) -> Response:
        """Changes it, or switches it on and off. Customers who are in it go on with what is saved."""
        check_supervises(request)
        given, flow = read_body(request, FlowGiven), _flow(flow_id)
        spec = _checked(given.spec, flow.action) if given.spec is not None else flow.spec
        try:
            with transaction.atomic():
                changed = Flow.objects.filter(pk=flow.pk, version=given.version).update(
                    spec=spec, enabled=given.enabled, version=given.version + 1
                )
        except IntegrityError:
            raise _spoken() from None
        if not changed:
            advice = "Somebody saved this flow meanwhile: look, and change it again."
            raise Refused("conflict", advice, status=CONFLICT)
        return answer(_shown(_flow(flow.pk)))


class TryView(APIView):
    scope = KNOWLEDGE

    @extend_schema(operation_id="flows_try", request=FlowTried, responses=Rehearsed)
    def post(self, request: Request, flow_id: int) -> Response:
        """What the bot would say to these messages. Nothing is stored, no letter sent, no merchant called."""
        check_supervises(request)
        given, flow = read_body(request, FlowTried), _flow(flow_id)
        action = flow.action
        spec = Spec.model_validate(_checked(given.spec, action) if given.spec is not None else flow.spec)
        merchant = rehearsal.Merchant(
            action.name, checking.names(action.gives), action.identity == Action.Identity.PROVEN, given.refuses
        )
        said = rehearsal.rehearse(spec, merchant, given.said, now().date())
        return answer(Rehearsed(items=[FlowSaid(who=each.who, text=each.text) for each in said]))


def _flow(flow_id: int) -> Flow:
    found = Flow.objects.select_related("action").filter(pk=min(flow_id, BIGGEST_ID)).first()
    if found is None:
        raise Refused("not_found", "There is no such flow: see GET inboxes/ID/flows/.", status=NOT_FOUND)
    return found


def _spoken() -> Refused:
    taken = Wrong("language", "another flow of this intent speaks it")
    return Refused("bad_flow", "language: another flow of this intent speaks it.", problems=[taken])


def _checked(written: Mapping[str, Any], action: Action) -> dict[str, Any]:
    """As it is kept. Raises Refused with everything that is wrong."""
    wrong = checking.problems(written, action.takes, action.gives)
    if wrong:
        more = f" {len(wrong) - 1} more are wrong." if len(wrong) > 1 else ""
        raise Refused("bad_flow", f"{wrong[0].at}: {wrong[0].says}.{more}", problems=wrong)
    return Spec.model_validate(written).model_dump(mode="json")


def _shown(flow: Flow) -> FlowShown:
    return FlowShown(
        id=flow.pk, intent=flow.intent, language=flow.language, version=flow.version, enabled=flow.enabled,
        open_runs=flow.runs.filter(ended_at=None).count(),
        action=_action(flow.action),
        spec=Spec.model_validate(flow.spec).model_dump(mode="json"),
    )  # fmt: skip


def _action(action: Action) -> FlowAction:
    return FlowAction(
        name=action.name, identity="none" if action.identity == Action.Identity.NONE else "proven",
        takes=checking.names(action.takes), gives=checking.names(action.gives),
    )  # fmt: skip
