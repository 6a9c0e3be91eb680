"""Golden questions: asked as customers ask, nothing stored, and a candidate that gets them wrong is not promoted."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from chat.models import Conversation, Inbox
from knowledge import actions as knowledge
from routing import golden, golden_runs, limits, live, tasks, versions
from routing.models import Decision, GoldenQuestion, ModelVersion
from routing.risk import Limit
from tests.api import speakers
from tests.routing.lessons import learned

pytestmark = pytest.mark.django_db
BODY = "## How long delivery takes\nLamps arrive within 2 to 4 working days."


@pytest.fixture(autouse=True)
def _shop(inbox: Inbox) -> Iterator[None]:
    article = knowledge.save_article(inbox_id=inbox.pk, title="Delivery", body=BODY, slug="delivery")
    knowledge.publish(article_id=article.pk)
    live.forget()
    yield
    live.forget()


def ask(inbox: Inbox, question: str, expects: str, target: str = "") -> GoldenQuestion:
    return GoldenQuestion.objects.create(inbox=inbox, question=question, expects=expects, target=target)


def told(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def test_each_kind_is_judged_and_nothing_is_stored(inbox: Inbox) -> None:
    expected = [
        ask(inbox, "How long does delivery take?", "article", "delivery"),
        ask(inbox, "My husband has died", "person", "human_only"),
        ask(inbox, "I want to talk to a person", "person"),
    ]
    wrong = [ask(inbox, "hello", "article"), ask(inbox, "How long is delivery?", "article", "returns")]
    judged = golden.judge(golden.of_inboxes())
    assert [each.passed for each in judged] == [True] * len(expected) + [False] * len(wrong)
    assert judged[3].got == "small talk"
    assert golden.summary(judged) == ["Lumen & Oak: 3 of 5 as expected"]
    assert not Conversation.objects.exists()
    assert not Decision.objects.exists()


def test_the_command_says_what_fails_and_ends_with_an_error(inbox: Inbox) -> None:
    with pytest.raises(CommandError, match="there are no golden questions"):
        told("evaluate", "golden")
    ask(inbox, "How long does delivery take?", "article", "delivery")
    assert "1 of 1 as expected" in told("evaluate", "golden")
    ask(inbox, "hello", "person")
    with pytest.raises(CommandError, match="1 of 2"):
        told("evaluate", "golden")


def test_a_candidate_that_gets_wrong_what_was_right_is_not_promoted(inbox: Inbox, settings: Any) -> None:
    ask(inbox, "How long does delivery take?", "article", "delivery")
    first, second = (versions.keep(learned(), {"test": 45}) for _ in range(2))
    assert "no golden question is newly failed" in told("model", "promote", str(first.pk), golden=True)
    held = {"chance": [1.0], "intent": ["weather"], "right": [False]}
    ModelVersion.objects.filter(pk=second.pk).update(held_out=held)
    limits.set_limit(inbox_id=inbox.pk, intent="", limit=Limit(0.5, 0.5), by=None)
    sure = {"chance": [0.0] * 50, "intent": ["weather"] * 50, "right": [True] * 50}
    ModelVersion.objects.filter(pk=first.pk).update(held_out=sure)
    live.forget()
    with pytest.raises(CommandError, match="not promoted"):
        told("model", "promote", str(second.pk), golden=True)
    assert versions.live_number() == first.pk
    settings.GOLDEN_REQUIRED = True
    with pytest.raises(CommandError, match="not promoted"):
        told("model", "promote", str(second.pk))
    desk = speakers.desk("read", "write", "knowledge")
    assert desk.is_refused(f"models/{second.pk}/promote/") == (409, "golden_required")
    with pytest.raises(CommandError):
        told("evaluate", "golden", model=second.pk)


def test_a_worker_asks_them_and_the_console_sees_what_a_candidate_would_change(inbox: Inbox, settings: Any) -> None:
    settings.GOLDEN_REQUIRED = True
    question = ask(inbox, "How long does delivery take?", "article", "delivery")
    version = versions.keep(learned(), {"test": 45})
    desk = speakers.desk("read", "write", "knowledge")
    assert desk.is_refused("golden/runs/", {"model": 9999}) == (400, "bad_value")
    assert desk.is_refused(f"models/{version.pk}/promote/") == (409, "golden_required")
    run = desk.does("golden/runs/", {"model": version.pk})
    assert (run["state"], run["items"]) == ("waiting", [])
    tasks.ask_golden()
    tasks.ask_golden()
    done = desk.get(f"golden/runs/{run['id']}/")
    (item,) = done["items"]
    assert (done["state"], item["id"], item["got"], item["worse"]) == ("done", question.pk, "article delivery", False)
    assert desk.does(f"models/{version.pk}/promote/") == {"live": version.pk}
    assert not Decision.objects.exists()


def test_asked_again_before_it_began_it_is_the_same_run(inbox: Inbox) -> None:
    ask(inbox, "How long does delivery take?", "article", "delivery")
    version = versions.keep(learned(), {"test": 45})
    desk = speakers.desk("read", "write", "knowledge")
    first, again = (desk.does("golden/runs/", {"model": version.pk})["id"] for _ in range(2))
    of_live = desk.does("golden/runs/", {})["id"]
    assert (first == again, of_live == first) == (True, False)
    tasks.ask_golden()
    assert desk.does("golden/runs/", {"model": version.pk})["id"] != first


def test_a_run_says_nothing_of_what_was_promoted_while_it_asked(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(inbox, "How long does delivery take?", "article", "delivery")
    first, second = (versions.keep(learned(), {"test": 45}) for _ in range(2))
    run, asked = golden_runs.ask(version=second, by=None), golden.judge

    def promoted_meanwhile(*given: Any) -> Any:
        if versions.live_number() is None:
            versions.promote(version=first)
        return asked(*given)

    monkeypatch.setattr(golden, "judge", promoted_meanwhile)
    tasks.ask_golden()
    run.refresh_from_db()
    assert run.done_at is not None
    assert not golden_runs.allows(second)


def test_a_version_that_is_newly_wrong_is_refused_over_rest(inbox: Inbox, settings: Any) -> None:
    settings.GOLDEN_REQUIRED = True
    ask(inbox, "How long does delivery take?", "article", "delivery")
    first, second = (versions.keep(learned(), {"test": 45}) for _ in range(2))
    sure = {"chance": [0.0] * 50, "intent": ["weather"] * 50, "right": [True] * 50}
    ModelVersion.objects.filter(pk=first.pk).update(held_out=sure)
    versions.promote(version=first)
    limits.set_limit(inbox_id=inbox.pk, intent="", limit=Limit(0.5, 0.5), by=None)
    ModelVersion.objects.filter(pk=second.pk).update(
        held_out={"chance": [1.0], "intent": ["weather"], "right": [False]}
    )
    desk = speakers.desk("read", "write", "knowledge")
    run = desk.does("golden/runs/", {"model": second.pk})
    tasks.ask_golden()
    (item,) = desk.get(f"golden/runs/{run['id']}/")["items"]
    assert (item["got"], item["before"], item["worse"]) == ("person policy", "article delivery", True)
    assert desk.is_refused(f"models/{second.pk}/promote/") == (409, "golden_required")


def test_a_run_that_cannot_be_made_says_so(inbox: Inbox) -> None:
    ask(inbox, "How long does delivery take?", "article", "delivery")
    version = versions.keep(learned(), {"test": 45})
    ModelVersion.objects.filter(pk=version.pk).update(sha256="0" * 64)
    desk = speakers.desk("read", "write", "knowledge")
    run = desk.does("golden/runs/", {"model": version.pk})
    tasks.ask_golden()
    done = desk.get(f"golden/runs/{run['id']}/")
    assert done["state"] == "failed"
    assert "Damaged" in done["problem"]
    assert desk.is_refused("golden/runs/9999/", method="GET") == (404, "not_found")


def test_rest_adds_changes_and_removes(inbox: Inbox) -> None:
    desk = speakers.desk("read", "write", "knowledge")
    given = {"inbox_id": inbox.pk, "question": "Where is my order?", "expects": "flow", "target": "order_status"}
    first = desk.does("golden/", given)
    assert desk.does("golden/", {**given, "expects": "person", "target": ""})["id"] == first["id"]
    assert [item["expects"] for item in desk.get("golden/")["items"]] == ["person"]
    assert desk.is_refused("golden/", {**given, "expects": "miracle"})[0] == 400
    assert desk.is_refused("golden/", {**given, "inbox_id": 999_999})[0] == 400
    desk.does(f"golden/{first['id']}/", method="DELETE")
    assert desk.get("golden/")["items"] == []
