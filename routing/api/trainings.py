"""Training from the console, for supervisors: asked for here, done by a process beside a worker."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.api.caller import KNOWLEDGE, caller_of
from routing import trainings
from routing.api.learning import check_supervises
from routing.models import Example, Training
from supportdesk.api.shapes import Shape, answer


class TrainingShown(Shape):
    """`lines`: what it has told so far, the latest last. `model`: the version that came of it. `problem` is there with
    `failed`: what must be mended, line by line, or that its process has ended; then ask for it again."""

    id: int
    state: Literal["waiting", "training", "done", "failed"]
    lines: list[str]
    problem: str
    model: int | None
    by: str | None
    asked_at: datetime
    done_at: datetime | None


class TrainingState(Shape):
    """`latest` is null where none was asked for. `new_examples`: added or changed since the latest that came to a
    version, or ever."""

    latest: TrainingShown | None
    examples: int
    new_examples: int


class TrainingsView(APIView):
    scope = KNOWLEDGE

    @extend_schema(operation_id="trainings_latest", responses=TrainingState)
    def get(self, request: Request) -> Response:
        """How the latest training goes, and how many examples it could learn from."""
        check_supervises(request)
        latest = trainings.newest()
        if latest is not None:
            trainings.hurry(latest)
        return _shown(latest)

    @extend_schema(operation_id="trainings_ask", request=None, responses=TrainingState)
    def post(self, request: Request) -> Response:
        """A worker trains from the shipped examples and all of the desk's own. One under way is not asked for twice."""
        check_supervises(request)
        return _shown(trainings.ask(by=caller_of(request).agent))


def _shown(latest: Training | None) -> Response:
    learned = Training.objects.exclude(version=None).order_by("-pk").first()
    own = Example.objects.all()
    new = own.filter(added_at__gt=learned.begun_at) if learned and learned.begun_at else own
    shown = None
    if latest is not None:
        shown = TrainingShown(
            id=latest.pk, state=trainings.state_of(latest), lines=latest.lines, problem=trainings.problem_of(latest),
            model=latest.version_id, by=latest.by.name if latest.by else None, asked_at=latest.asked_at,
            done_at=latest.done_at,
        )  # fmt: skip
    return answer(TrainingState(latest=shown, examples=own.count(), new_examples=new.count()))
