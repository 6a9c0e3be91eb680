"""Training asked for over REST: one at a time, in a process of its own, and whatever ends it says so."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

import pytest

from agents.models import Agent, Role
from routing import trainings, versions
from routing.lesson import NothingLearned, Tell
from routing.models import ModelVersion, Training
from supportdesk.clock import now
from tests.api import speakers
from tests.routing.lessons import learned

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("flushed")]


@pytest.fixture
def sam(bob: Agent) -> speakers.Speaker:
    bob.role = Role.SUPERVISOR
    bob.save()
    return speakers.agent(bob, "read", "write", "knowledge")


def test_it_is_asked_for_once_tells_its_progress_and_names_its_version(sam: speakers.Speaker) -> None:
    first, again = sam.does("trainings/")["latest"], sam.does("trainings/")["latest"]
    assert (first["state"], first["id"]) == ("waiting", again["id"])
    Training.objects.update(begun_at=now(), beat_at=now())
    seen: list[Any] = []

    def train(say: Tell) -> ModelVersion:
        say("  0.1 s  45 examples: 45 shipped")
        seen.append(sam.get("trainings/")["latest"])
        return versions.keep(learned(), {"shipped": 45})

    trainings.learn(first["id"], train)
    assert (seen[0]["state"], seen[0]["lines"]) == ("training", ["  0.1 s  45 examples: 45 shipped"])
    done = sam.get("trainings/")["latest"]
    assert done["state"] == "done"
    assert [each["number"] for each in sam.get("models/")["items"]] == [done["model"]]
    assert sam.does("trainings/")["latest"]["id"] != first["id"], "after its end another may be asked for"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NothingLearned("nothing was learned; mend these first:\nexample 3: the intent is empty"), "example 3"),
        (MemoryError(), "MemoryError"),
    ],
)
def test_what_stops_it_is_told(sam: speakers.Speaker, error: Exception, told: str) -> None:
    number = sam.does("trainings/")["latest"]["id"]

    def train(say: Tell) -> ModelVersion:
        raise error

    Training.objects.update(begun_at=now(), beat_at=now())
    trainings.learn(number, train)
    latest = sam.get("trainings/")["latest"]
    assert latest["state"] == "failed"
    assert told in latest["problem"]


def test_a_process_that_is_killed_is_told_and_it_can_be_asked_for_again(sam: speakers.Speaker) -> None:
    number = sam.does("trainings/")["latest"]["id"]
    Training.objects.update(begun_at=now(), beat_at=now())
    trainings._run([sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"], number)
    latest = sam.get("trainings/")["latest"]
    assert (latest["state"], latest["problem"]) == ("failed", trainings.ENDED)
    assert sam.does("trainings/")["latest"]["state"] == "waiting"


def test_where_the_worker_died_too_silence_tells(sam: speakers.Speaker) -> None:
    sam.does("trainings/")
    Training.objects.update(begun_at=now(), beat_at=now() - trainings.SILENT - timedelta(seconds=1))
    assert sam.get("trainings/")["latest"]["state"] == "failed"
    assert sam.does("trainings/")["latest"]["state"] == "waiting"


def test_the_process_ends_with_its_worker() -> None:
    """Its standard input is the worker's to hold."""
    import subprocess

    watching = "from routing.trainings import end_with_the_worker as e; import time; e(); time.sleep(60)"
    settled = f"import django; django.setup(); {watching}"
    with subprocess.Popen([sys.executable, "-c", settled], stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(30) == 1


def test_agents_do_not_train(bob: Agent) -> None:
    speaker = speakers.agent(bob)
    assert speaker.is_refused("trainings/") == (403, "forbidden")
    assert speaker.is_refused("trainings/", method="GET") == (403, "forbidden")
