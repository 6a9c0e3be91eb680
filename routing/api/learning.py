"""Versions of the intent model and the examples it learns from, for supervisors."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from pydantic import AfterValidator, Field, StringConstraints
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.api.caller import KNOWLEDGE, caller_of
from chat.models import Inbox
from routing import examples, golden_runs, versions
from routing.models import Decision, Example, ModelVersion, Promotion
from supportdesk.api.refused import Forbidden, Refused
from supportdesk.api.shapes import Shape, answer, is_storable, read_body, read_query

BIGGEST_ID = 2**63 - 1
SHOWN_MOST = 200
NOT_FOUND, CONFLICT = 404, 409
Id = Annotated[int, Field(ge=1, le=BIGGEST_ID)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern="^[a-z0-9_]+$")]
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), AfterValidator(is_storable)
]


class ModelShown(Shape):
    """`number` promotes it. `metrics`: each {value, low, high}, and `intents` one by one."""

    number: int
    name: str
    is_live: bool
    encoder: str
    made_at: datetime
    learned_from: dict[str, int]
    metrics: dict[str, Any]


class ModelList(Shape):
    """`live` is null while the reader of the shipped examples reads."""

    live: int | None
    items: list[ModelShown]


class Live(Shape):
    live: int | None


class ExampleGiven(Shape):
    """`intent` `oos`: the bot has no answer for this; `person`: it asks for a person. `decision_id`: the reading that
    it corrects."""

    text: Text
    intent: Name
    inbox_id: Id | None = None
    decision_id: Id | None = None


class ExampleShown(Shape):
    id: int
    text: str
    intent: str
    inbox_id: int | None
    decision_id: int | None
    added_at: datetime


class ExampleList(Shape):
    """`next` is the `after` of the next page."""

    items: list[ExampleShown]
    next: int | None


class After(Shape):
    after: Annotated[int, Field(ge=0, le=BIGGEST_ID)] = 0


class ModelsView(APIView):
    @extend_schema(operation_id="models_list", responses=ModelList)
    def get(self, request: Request) -> Response:
        """What was trained, newest first, and which version reads."""
        check_supervises(request)
        live = versions.live_number()
        rows = ModelVersion.objects.defer(*versions.HEAVY).order_by("-pk")[:SHOWN_MOST]
        items = [
            ModelShown(
                number=row.pk, name=row.name, is_live=row.pk == live, encoder=row.encoder, made_at=row.made_at,
                learned_from=row.learned_from, metrics=row.metrics,
            )
            for row in rows
        ]  # fmt: skip
        return answer(ModelList(live=live, items=items))


class PromoteView(APIView):
    scope = KNOWLEDGE

    @extend_schema(operation_id="models_promote", request=None, responses=Live)
    def post(self, request: Request, number: int) -> Response:
        """This version reads from each worker's next batch on. Promoting twice is promoting once."""
        check_supervises(request)
        version = ModelVersion.objects.defer(*versions.HEAVY).filter(pk=min(number, BIGGEST_ID)).first()
        if version is None:
            raise Refused("not_found", "There is no such version: see GET models/.", status=NOT_FOUND)
        if settings.GOLDEN_REQUIRED and not golden_runs.allows(version):
            advice = (
                "Golden questions are asked first (POST golden/runs/ with this model), and none may be newly failed."
            )
            raise Refused("golden_required", advice, status=CONFLICT)
        try:
            return _live(versions.promote(version=version, by=caller_of(request).agent))
        except versions.PromotedMeanwhile:
            raise _meanwhile() from None


class RollbackView(APIView):
    scope = KNOWLEDGE

    @extend_schema(operation_id="models_rollback", request=None, responses=Live)
    def post(self, request: Request) -> Response:
        """What was live before reads again."""
        check_supervises(request)
        try:
            return _live(versions.rollback(by=caller_of(request).agent))
        except versions.NothingBefore:
            raise Refused("nothing_before", "The shipped reader is live: there is nothing to go back to.") from None
        except versions.PromotedMeanwhile:
            raise _meanwhile() from None


class ExamplesView(APIView):
    @extend_schema(operation_id="examples_list", parameters=[], responses=ExampleList)
    def get(self, request: Request) -> Response:
        """The desk's own examples and corrections, oldest first; `?after=` goes on."""
        after = read_query(request, After).after
        rows = list(Example.objects.filter(pk__gt=after).order_by("pk")[: SHOWN_MOST + 1])
        shown = [_shown(row) for row in rows[:SHOWN_MOST]]
        return answer(ExampleList(items=shown, next=shown[-1].id if len(rows) > SHOWN_MOST else None))

    @extend_schema(operation_id="examples_add", request=ExampleGiven, responses=ExampleShown)
    def post(self, request: Request) -> Response:
        """A text and the intent it has; the same text again changes its intent. Learned with the next training."""
        given = read_body(request, ExampleGiven)
        if not any(c.isalpha() for c in given.text):
            raise Refused("bad_value", "text: it has no words.")
        inbox = _inbox(given)
        row, _ = Example.objects.update_or_create(
            inbox=inbox, text_hash=examples.hash_of(given.text),
            defaults={
                "text": given.text, "intent": given.intent, "corrects_id": given.decision_id,
                "added_by": caller_of(request).agent,
            },
        )  # fmt: skip
        return answer(_shown(row))


class ExampleView(APIView):
    scope = KNOWLEDGE

    @extend_schema(operation_id="examples_remove", responses={204: None})
    def delete(self, request: Request, example_id: int) -> Response:
        """It is no longer learned from. Removing twice is removing once."""
        check_supervises(request)
        Example.objects.filter(pk=min(example_id, BIGGEST_ID)).delete()
        return Response(status=204)


def check_supervises(request: Request) -> None:
    if not caller_of(request).can_supervise():
        raise Forbidden("This needs a supervisor.")


def _inbox(given: ExampleGiven) -> Inbox | None:
    inbox = Inbox.objects.filter(pk=given.inbox_id).first() if given.inbox_id else None
    if given.inbox_id and inbox is None:
        raise Refused("bad_value", "inbox_id: there is no such inbox.")
    if given.decision_id is not None and not Decision.objects.filter(pk=given.decision_id).exists():
        raise Refused("bad_value", "decision_id: there is no such decision.")
    return inbox


def _live(promotion: Promotion) -> Response:
    return answer(Live(live=promotion.version_id))


def _meanwhile() -> Refused:
    return Refused("conflict", "Somebody promoted at the same moment: look, and decide again.", status=CONFLICT)


def _shown(row: Example) -> ExampleShown:
    return ExampleShown(
        id=row.pk, text=row.text, intent=row.intent, inbox_id=row.inbox_id, decision_id=row.corrects_id,
        added_at=row.added_at,
    )  # fmt: skip
