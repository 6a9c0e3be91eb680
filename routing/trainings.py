"""Training asked for in the console: the row is the errand, its progress and its end. One at a time in the desk.

A Celery worker starts a process for it, which learns at low priority and writes into the row; it ends with the worker.
A process that gives no sign of life for SILENT has ended, whatever ended it, and may be asked for again.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread
from typing import Any, Literal

from django.db import DatabaseError, connection, transaction

from agents.models import Agent
from routing import errands, lesson
from routing.lesson import Tell
from routing.models import ModelVersion, Training
from supportdesk.clock import now

log = logging.getLogger(__name__)

BEAT_S = 3.0
SILENT = timedelta(seconds=20)
LINES_KEPT, LINE_CHARS, PROBLEM_CHARS = 40, 200, 10_000
LOCK = 7_201_901
"""PostgreSQL's advisory lock of whoever asks: of two at once the second finds the first one's row."""
ENDED = "The process that trained has ended before it was done. Train again."
State = Literal["waiting", "training", "done", "failed"]


def ask(*, by: Agent | None) -> Training:
    """A new training, or the one that waits or is at work."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        latest = newest()
        under_way = latest is not None and state_of(latest) in ("waiting", "training")
        asked = latest if latest is not None and under_way else Training.objects.create(by=by)
    if asked.begun_at is None:
        errands.send("train")
    return asked


def newest() -> Training | None:
    return Training.objects.order_by("-pk").first()


def hurry(training: Training) -> None:
    """A wake-up that was lost is sent again by whoever looks."""
    if training.begun_at is None:
        errands.send("train")


def state_of(training: Training) -> State:
    if training.done_at is not None:
        return "failed" if training.problem else "done"
    if training.begun_at is None:
        return "waiting"
    is_alive = training.beat_at is not None and training.beat_at > now() - SILENT
    return "training" if is_alive else "failed"


def problem_of(training: Training) -> str:
    return training.problem or (ENDED if state_of(training) == "failed" else "")


# --- In the worker ----------------------------------------------------------------------------------------------------


def begin() -> None:
    """Starts a process for the training that waits. Of two workers one takes it."""
    moment = now()
    for training in Training.objects.filter(begun_at=None).order_by("pk"):
        if Training.objects.filter(pk=training.pk, begun_at=None).update(begun_at=moment, beat_at=moment):
            Thread(target=_beside, args=(training.pk,), name=f"training-{training.pk}", daemon=True).start()


def _beside(number: int) -> None:
    try:
        _run([sys.executable, "-m", "django", "train_asked", str(number)], number)
    finally:
        connection.close()


def _run(command: list[str], number: int) -> None:
    """Until it ends. Its standard input is a pipe that closes when this process does: so it knows."""
    try:
        with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
            status = process.wait()
    except OSError as error:
        log.exception("training %s could not be started", number)
        _end(number, problem=f"No process could be started for it ({type(error).__name__}).")
        return
    if status != 0:
        log.warning("the process of training %s ended with %s", number, status)
    _end(number, problem=ENDED)  # changes nothing where it has said its own end


def _end(number: int, **end: Any) -> None:
    Training.objects.filter(pk=number, done_at=None).update(done_at=now(), **end)


# --- In the process that trains ---------------------------------------------------------------------------------------


def learn(number: int, train: Callable[[Tell], ModelVersion] = lesson.train) -> None:
    """Trains as `manage.py train` does, from all that the desk knows, and says in the row how it goes and ends."""
    over, lines, end = Event(), list[str](), dict[str, Any]()
    beats = Thread(target=_beat, args=(number, over), daemon=True)
    beats.start()

    def say(line: str) -> None:
        lines.append(line[:LINE_CHARS])
        Training.objects.filter(pk=number).update(lines=lines[-LINES_KEPT:], beat_at=now())

    try:
        end = {"version": train(say)}
    except lesson.NothingLearned as problem:
        end = {"problem": str(problem)[:PROBLEM_CHARS]}
    except Exception as error:
        log.exception("training %s failed", number)
        end = {"problem": f"It failed ({type(error).__name__}): the worker's log says why."}
    finally:
        over.set()
        beats.join()
        _end(number, **end)


def _beat(number: int, over: Event) -> None:
    try:
        while not over.wait(BEAT_S):
            Training.objects.filter(pk=number).update(beat_at=now())
    except DatabaseError:
        log.warning("training %s gives no more signs of life: PostgreSQL is away", number)
    finally:
        connection.close()


def end_with_the_worker() -> None:
    """Ends this process as soon as whoever started it is gone."""

    def watch() -> None:
        while os.read(0, 1):  # not by sys.stdin, whose lock would stop this process from ending
            pass
        os._exit(1)

    Thread(target=watch, name="worker", daemon=True).start()
