"""Golden questions, for supervisors: what the desk must get right before another model is promoted."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from drf_spectacular.utils import extend_schema
from pydantic import StringConstraints
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.api.caller import KNOWLEDGE, caller_of
from chat.models import Inbox
from routing import golden_runs
from routing.api.learning import BIGGEST_ID, NOT_FOUND, SHOWN_MOST, Id, Text, check_supervises
from routing.models import GoldenQuestion, GoldenRun, ModelVersion
from routing.versions import HEAVY
from supportdesk.api.refused import Refused
from supportdesk.api.shapes import Shape, answer, read_body

MOST = 2_000
"""Golden questions of an inbox."""


class GoldenGiven(Shape):
    """`target`: the article's slug, the flow's intent or the handoff's reason; empty for any."""

    inbox_id: Id
    question: Text
    expects: Literal["article", "flow", "person"]
    target: Annotated[str, StringConstraints(max_length=100, pattern="^[-a-z0-9_]*$")] = ""


class GoldenShown(GoldenGiven):
    id: int


class GoldenList(Shape):
    items: list[GoldenShown]


class RunGiven(Shape):
    """`model`: a version beside the live one; null: the live one itself."""

    model: Id | None = None


class RunJudged(Shape):
    """`worse`: the live version gets it right."""

    id: int
    inbox_id: int
    question: str
    expected: str
    got: str
    before: str
    passed: bool
    worse: bool


class RunShown(Shape):
    id: int
    model: int | None
    state: Literal["waiting", "asking", "done", "failed"]
    problem: str
    asked_at: datetime
    done_at: datetime | None
    items: list[RunJudged]


class GoldenListView(APIView):
    scope = KNOWLEDGE

    @extend_schema(operation_id="golden_list", responses=GoldenList)
    def get(self, request: Request) -> Response:
        """The newest first; `manage.py evaluate golden` asks them."""
        check_supervises(request)
        return answer(GoldenList(items=[_shown(row) for row in GoldenQuestion.objects.order_by("-id")[:SHOWN_MOST]]))

    @extend_schema(operation_id="golden_add", request=GoldenGiven, responses=GoldenShown)
    def post(self, request: Request) -> Response:
        """The same question again changes what is expected of it."""
        check_supervises(request)
        given = read_body(request, GoldenGiven)
        inbox = Inbox.objects.filter(pk=given.inbox_id).first()
        if inbox is None:
            raise Refused("bad_value", "inbox_id: there is no such inbox.")
        if inbox.golden_questions.exclude(question=given.question).count() >= MOST:
            raise Refused("bad_value", f"An inbox has {MOST} golden questions at most: remove some first.")
        row, _ = GoldenQuestion.objects.update_or_create(
            inbox=inbox, question=given.question, defaults={"expects": given.expects, "target": given.target}
        )
        return answer(_shown(row))


class GoldenView(APIView):
    scope = KNOWLEDGE

    @extend_schema(operation_id="golden_remove", responses={204: None})
    def delete(self, request: Request, question_id: int) -> Response:
        """Removing twice is removing once."""
        check_supervises(request)
        GoldenQuestion.objects.filter(pk=min(question_id, BIGGEST_ID)).delete()
        return Response(status=204)


class RunsView(APIView):
    scope = KNOWLEDGE

    @extend_schema(operation_id="golden_run", request=RunGiven, responses=RunShown)
    def post(self, request: Request) -> Response:
        """A worker asks every golden question; look at the run until its state is done or failed. Nothing is stored
        but what came of it."""
        check_supervises(request)
        number = read_body(request, RunGiven).model
        version = None
        if number is not None:
            version = ModelVersion.objects.defer(*HEAVY).filter(pk=number).first()
            if version is None:
                raise Refused("bad_value", "model: there is no such version.")
        return answer(_run(golden_runs.ask(version=version, by=caller_of(request).agent)))


class RunView(APIView):
    @extend_schema(operation_id="golden_run_get", responses=RunShown)
    def get(self, request: Request, run_id: int) -> Response:
        check_supervises(request)
        row = GoldenRun.objects.filter(pk=min(run_id, BIGGEST_ID)).first()
        if row is None:
            raise Refused("not_found", "There is no such run.", status=NOT_FOUND)
        golden_runs.hurry(row)
        return answer(_run(row))


def _run(row: GoldenRun) -> RunShown:
    return RunShown(
        id=row.pk, model=row.version_id, problem=row.problem, asked_at=row.asked_at, done_at=row.done_at,
        state=golden_runs.state_of(row), items=[RunJudged(**each) for each in row.judged],
    )  # fmt: skip


def _shown(row: GoldenQuestion) -> GoldenShown:
    return GoldenShown(
        id=row.pk, inbox_id=row.inbox_id, question=row.question, target=row.target,
        expects=row.expects,  # type: ignore[arg-type]  # the column's choices
    )  # fmt: skip
