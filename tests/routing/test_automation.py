"""What the bot keeps, as it was and as it would be at other bars."""

from __future__ import annotations

from uuid import uuid4

from chat.models import Customer, Inbox
from flows import breaker
from flows.models import Action, Flow
from routing import live, tasks, versions
from routing.automation import curve
from routing.models import IntentPolicy, ModelVersion
from routing.risk import Held, HeldOut
from tests.api import speakers
from tests.cast import says
from tests.routing.lessons import learned


def test_a_curve_goes_from_the_strictest_bar_to_all() -> None:
    held = HeldOut([Held(0.9, "a", True), Held(0.8, "a", True), Held(0.4, "b", False), Held(0.2, "a", False)])
    assert [(each.kept, each.wrong) for each in curve(held, "")] == [(0.25, 0), (0.5, 0), (0.75, 0.3333), (1, 0.5)]
    assert [(each.kept, each.wrong) for each in curve(held, "b")] == [(1, 1)]
    assert curve(HeldOut(), "") == []


def test_rest_tells_how_much_of_each_intent_the_bot_kept(ana: Customer, dan: Customer, inbox: Inbox) -> None:
    live.forget()
    IntentPolicy.objects.create(inbox=inbox, intent="warranty", people_only=True)
    IntentPolicy.objects.create(inbox=inbox, intent="own_matter")
    for customer, text in ((ana, "hello"), (ana, "where is my order"), (dan, "is it under warranty")):
        says(customer, text, uuid4().hex)
        tasks.route()
    desk = speakers.desk("read", "write", "knowledge")
    found = {
        each["intent"]: (each["turns"], each["kept"]) for each in desk.get(f"inboxes/{inbox.pk}/automation/")["items"]
    }
    assert found == {"order_status": (1, 1), "warranty": (1, 0)}, "small talk is left out"
    assert {"own_matter", "order_status"} <= set(desk.get("intents/")["items"])
    assert desk.is_refused("inboxes/999999/automation/", method="GET") == (404, "not_found")


def test_the_curve_is_the_live_models(inbox: Inbox) -> None:
    desk = speakers.desk("read", "write", "knowledge")
    path = f"inboxes/{inbox.pk}/risk/curve/"
    assert desk.get(path) == {"intent": "", "points": []}
    version = versions.keep(learned(), {"test": 45})
    ModelVersion.objects.filter(pk=version.pk).update(
        held_out={"chance": [0.9], "intent": ["weather"], "right": [True]}
    )
    versions.promote(version=version)
    assert desk.get(path, intent="weather")["points"] == [{"bar": 0.9, "kept": 1, "wrong": 0}]
    assert desk.get(path, intent="music")["points"] == []
    assert "weather" in desk.get("intents/")["items"]


MIXED = {"most_wrong": "0.1", "kind": "missed_requests", "intent": "weather"}


def test_what_a_limit_would_do_is_told_before_it_is_set(inbox: Inbox) -> None:
    desk = speakers.desk("read", "write", "knowledge")
    path = f"inboxes/{inbox.pk}/risk/foreseen/"
    assert "Too little is known" in desk.get(path, most_wrong="0.1")["says"]
    version = versions.keep(learned(), {"test": 45})
    held = {"chance": [0.9] * 100, "intent": ["weather"] * 100, "right": [True] * 100}
    ModelVersion.objects.filter(pk=version.pk).update(held_out=held)
    versions.promote(version=version)
    foreseen = desk.get(path, most_wrong="0.1", intent="weather")
    assert foreseen["shown"]
    assert "100%" in foreseen["says"]
    assert not desk.get(path, most_wrong="0.1", intent="music")["shown"]
    assert desk.get(path, most_wrong="0.1", kind="missed_requests")["says"]
    assert desk.get(f"inboxes/{inbox.pk}/risk/")["items"] == []
    for wrong in ({"most_wrong": "2"}, {"most_wrong": "0.1", "kind": "other"}, MIXED, {}):
        assert desk.is_refused(path, method="GET", **wrong)[0] == 400


def test_an_action_whose_merchant_does_not_answer_is_seen(inbox: Inbox) -> None:
    action = Action.objects.create(inbox=inbox, name="refund", url="https://merchant.example/refund")
    Flow.objects.create(inbox=inbox, intent="refund_status", action=action, spec={})
    desk = speakers.desk("read", "write", "knowledge")

    def shown() -> tuple[str, int]:
        (one,) = desk.get(f"inboxes/{inbox.pk}/actions/")["items"]
        assert (one["name"], one["intents"]) == ("refund", ["refund_status"])
        return one["state"], one["failures"]

    assert shown() == ("works", 0)
    breaker.failed(action.pk)
    assert shown() == ("failing", 1)
    for _ in range(breaker.FAILURES - 1):
        breaker.failed(action.pk)
    assert shown() == ("resting", breaker.FAILURES)
    breaker.worked(action.pk)
    assert shown() == ("works", 0)
