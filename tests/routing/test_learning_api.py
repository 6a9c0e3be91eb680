"""Examples and versions over REST: who may, what is refused, and that twice is once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from agents.models import Agent, Role
from chat.models import Inbox
from routing import examples, versions
from routing.learning import crossed
from routing.lesson import material_of
from routing.models import Example, ModelVersion
from tests.api import speakers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("flushed")]


@pytest.fixture
def version(db: None) -> ModelVersion:
    texts = [
        examples.Given(f"{word} {n} please", word, "a test", "test") for word in ("rain", "song") for n in "abcdef"
    ]
    made = crossed.learn(material_of(texts), np.zeros((len(texts), 0)), "", lambda line: None)
    return versions.keep(made, {"test": len(texts)})


def test_a_supervisor_promotes_and_takes_back(version: ModelVersion, bob: Agent) -> None:
    bob.role = Role.SUPERVISOR
    bob.save()
    speaker = speakers.agent(bob, "read", "write", "knowledge")
    assert speaker.is_refused("models/rollback/") == (400, "nothing_before")
    assert speaker.get("models/")["live"] is None
    for _ in range(2):
        assert speaker.does(f"models/{version.pk}/promote/") == {"live": version.pk}
    (shown,) = speaker.get("models/")["items"]
    assert (shown["is_live"], shown["learned_from"]) == (True, {"test": 12})
    assert set(shown["metrics"]["accuracy"]) == {"value", "low", "high"}
    assert "content" not in shown
    assert speaker.does("models/rollback/") == {"live": None}
    assert speaker.is_refused("models/999/promote/") == (404, "not_found")


def test_an_agent_corrects_but_does_not_promote(version: ModelVersion, bob: Agent, inbox: Inbox) -> None:
    speaker, whole_desk = speakers.agent(bob), speakers.desk()
    assert speaker.is_refused(f"models/{version.pk}/promote/") == (403, "forbidden")
    assert speaker.is_refused("models/", method="GET") == (403, "forbidden")
    first = speaker.does("examples/", {"text": "Where's my lamp?", "intent": "stock", "inbox_id": inbox.pk})
    second = speaker.does("examples/", {"text": "where's my LAMP?", "intent": "order_status", "inbox_id": inbox.pk})
    assert first["id"] == second["id"], "the last word on a text counts"
    for _ in range(2):
        everywhere = speaker.does("examples/", {"text": "where's my lamp?", "intent": "stock"})
    whole_desk.does(f"examples/{everywhere['id']}/", method="DELETE")
    (row,) = Example.objects.all()
    assert (row.intent, row.added_by) == ("order_status", bob)
    assert speaker.get("examples/")["items"] == [second]
    assert speaker.is_refused(f"examples/{row.pk}/", method="DELETE") == (403, "forbidden")
    whole_desk.does(f"examples/{row.pk}/", method="DELETE")
    assert not Example.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {"text": "hello", "intent": "Not A Name"},
        {"text": "12 34", "intent": "stock"},
        {"text": "x" * 2001, "intent": "stock"},
        {"text": "hello", "intent": "stock", "inbox_id": 999},
        {"text": "hello", "intent": "stock", "decision_id": 999},
        {"text": "a\x00b", "intent": "stock"},
    ],
)
def test_what_cannot_be_learned_is_refused(body: dict[str, Any], bob: Agent) -> None:
    status, _ = speakers.agent(bob).is_refused("examples/", body)
    assert status == 400
