"""Asking golden questions in a worker, for a console that waits: the row is the errand and its answer.

A wake-up that is lost is sent again by whoever looks at a run that has not begun.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Literal

from agents.models import Agent
from routing import errands, golden, live, versions
from routing.models import GoldenRun, ModelVersion
from supportdesk.clock import now

log = logging.getLogger(__name__)

GIVEN_UP_AFTER = timedelta(minutes=5)
"""A run that began and was not done by then ended with its worker."""
FRESH = timedelta(hours=1)
"""Older runs say nothing of a promotion: articles, flows and limits may have changed."""


def ask(*, version: ModelVersion | None, by: Agent | None) -> GoldenRun:
    """A new run, or one for the same version that has not begun: it will ask the same."""
    waiting = GoldenRun.objects.filter(version=version, begun_at=None).order_by("pk").first()
    run = waiting or GoldenRun.objects.create(version=version, by=by)
    errands.send("ask_golden")
    return run


def hurry(run: GoldenRun) -> None:
    if run.begun_at is None:
        errands.send("ask_golden")


State = Literal["waiting", "asking", "done", "failed"]


def state_of(run: GoldenRun) -> State:
    if run.done_at is not None:
        return "failed" if run.problem else "done"
    if run.begun_at is None:
        return "waiting"
    return "failed" if run.begun_at < now() - GIVEN_UP_AFTER else "asking"


def asks() -> None:
    """Every run that waits, oldest first. Of two workers one takes it."""
    for run in GoldenRun.objects.filter(begun_at=None).order_by("pk"):
        if GoldenRun.objects.filter(pk=run.pk, begun_at=None).update(begun_at=now()):
            _asked(run)


def _asked(run: GoldenRun) -> None:
    judged, problem = [], ""
    number = (
        versions.live_number()
    )  # before it is asked: a promotion meanwhile makes the run say nothing of the new one
    try:
        live.warm_up()
        judged = _judged(run)
    except Exception as error:
        log.exception("golden run %s failed", run.pk)
        problem = f"The questions could not be asked ({type(error).__name__}): the worker's log says why."
    GoldenRun.objects.filter(pk=run.pk).update(judged=judged, problem=problem, done_at=now(), live=number)


def _judged(run: GoldenRun) -> list[dict[str, object]]:
    questions = golden.of_inboxes()
    before = golden.judge(questions)
    after = golden.judge(questions, live.opened(run.version_id)) if run.version_id is not None else before
    return [
        {
            "id": new.question.pk, "inbox_id": new.question.inbox_id, "question": new.question.question,
            "expected": new.question.expected(), "got": new.got, "before": old.got, "passed": new.passed,
            "worse": old.passed and not new.passed,
        }
        for old, new in zip(before, after, strict=True)
    ]  # fmt: skip


def allows(version: ModelVersion) -> bool:
    """Whether a fresh run beside what reads now found nothing that this version would newly get wrong."""
    run = GoldenRun.objects.filter(version=version, done_at__gte=now() - FRESH, problem="").order_by("-pk").first()
    return run is not None and run.live_id == versions.live_number() and not run.worse()
