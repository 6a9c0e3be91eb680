"""Flows as a supervisor sees, changes, switches off and tries them: what is wrong is named with its place."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from agents.models import Agent, Role
from chat.models import Customer, Inbox
from flows import demo
from flows.models import Flow, Run
from mail.models import Letter
from routing import tasks
from routing.models import Decision
from tests.api import speakers
from tests.cast import says

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("flushed")]


@pytest.fixture
def sam(bob: Agent, inbox: Inbox) -> speakers.Speaker:
    bob.role = Role.SUPERVISOR
    bob.save()
    demo.load(inbox)
    return speakers.agent(bob, "read", "write", "knowledge")


@pytest.fixture
def moving(sam: speakers.Speaker, inbox: Inbox) -> dict[str, Any]:
    """The flow that moves a payment's date, as REST shows it."""
    shown = sam.get(f"inboxes/{inbox.pk}/flows/")["items"]
    return next(dict(each) for each in shown if (each["intent"], each["language"]) == ("payment_date", "en"))


def test_it_is_shown_changed_and_switched_off(
    sam: speakers.Speaker, moving: dict[str, Any], inbox: Inbox, ana: Customer
) -> None:
    assert moving["action"] == {
        "name": "move_payment", "identity": "proven", "takes": ["date", "order"], "gives": ["due"],
    }  # fmt: skip
    spec = {**moving["spec"], "title": "Another date"}
    body = {"version": moving["version"], "enabled": False, "spec": spec}
    saved = sam.does(f"flows/{moving['id']}/", body, method="PUT")
    assert (saved["version"], saved["enabled"], saved["spec"]["title"]) == (2, False, "Another date")
    assert sam.is_refused(f"flows/{moving['id']}/", body, method="PUT") == (409, "conflict")
    assert sam.is_refused("flows/999999/", body, method="PUT") == (404, "not_found")
    says(ana, "I want to move my payment date", str(uuid4()))
    tasks.route()
    assert Decision.objects.get().rule != "begins_a_flow"
    on = sam.does(f"flows/{moving['id']}/", {"version": 2, "enabled": True}, method="PUT")
    assert (on["enabled"], on["spec"]["title"]) == (True, "Another date")


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"title": ""}, "title"),
        ({"done": "Due on {when}"}, "done"),
        ({"confirm": "Move {order} to {due}?"}, "confirm"),
        ({"confirm": "{order.__class__}"}, "confirm"),
        ({"done": "{order"}, "done"),
        ({"slots": []}, "slots"),
        ({"refusals": {"no": {"say": "no", "then": "colour"}}}, "refusals.no.then"),
        ({"refusals": {"no": {"say": "no {due}", "then": "end"}}}, "refusals.no.say"),
        ({"language": "de"}, "language"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    sam: speakers.Speaker, moving: dict[str, Any], change: dict[str, Any], at: str
) -> None:
    body = {"version": 1, "enabled": True, "spec": {**moving["spec"], **change}}
    status, answered = sam.says("PUT", f"flows/{moving['id']}/", body)
    assert (status, answered["error"]["code"]) == (400, "bad_flow")
    assert answered["error"]["problems"][0]["at"] == at
    assert Flow.objects.get(pk=moving["id"]).version == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"pattern": "("}, "pattern"),
        ({"pattern": "ab"}, "pattern"),
        ({"shape": "LO-"}, "shape"),
        ({"shape": "{"}, "shape"),
        ({"name": "date"}, "name"),
        ({"name": "colour"}, "name"),
        ({"ask": "x" * 601}, "ask"),
    ],
)
def test_so_is_what_is_wrong_with_a_slot(
    sam: speakers.Speaker, moving: dict[str, Any], change: dict[str, Any], field: str
) -> None:
    first, second = moving["spec"]["slots"]
    slots = [second, {**first, **change}]
    body = {"version": 1, "enabled": True, "spec": {**moving["spec"], "slots": slots}}
    _, answered = sam.says("PUT", f"flows/{moving['id']}/", body)
    says = " ".join(each["says"] for each in answered["error"]["problems"])
    assert not re.search("string|value error|b'", says, re.I), "it is told to whoever runs a shop"
    assert f"slots.1.{field}" in [each["at"] for each in answered["error"]["problems"]]


def rehearsed(sam: speakers.Speaker, flow: dict[str, Any], *said: str, **options: Any) -> list[tuple[str, str]]:
    items = sam.does(f"flows/{flow['id']}/try/", {"said": list(said), **options})["items"]
    return [(each["who"], each["text"]) for each in items if each["who"] != "customer"]


def test_it_is_tried_without_effect(sam: speakers.Speaker, moving: dict[str, Any]) -> None:
    said = ("Please move the payment of LO-48301", "in 10 days", "ana@example.com", "123456", "yes")
    told = rehearsed(sam, moving, *said)
    assert told[0] == ("bot", "To which date shall I move it? For instance “15 December” or “in 10 days”.")
    assert told[2] == ("desk", "Here a code is mailed to ana@example.com; type 123456.")
    assert told[-3][1].startswith("Here move_payment is called with order = LO-48301, date = ")
    assert told[-2] == ("bot", "Done: the next payment of order LO-48301 is now due on ‹due›.")
    refused = rehearsed(sam, moving, *said, refuses="nothing_due")
    assert refused[-2] == ("bot", "Nothing is due for order LO-48301: it is paid.")
    unknown = rehearsed(sam, moving, *said, refuses="never_heard_of")
    assert unknown[-1] == ("desk", "Here a person takes over: the merchant refused: never_heard_of.")
    assert not Run.objects.exists()
    assert not Letter.objects.exists()


def test_a_draft_is_tried_before_it_is_saved(sam: speakers.Speaker, moving: dict[str, Any]) -> None:
    slots = [{**each, "ask": f"{each['name']}, please?"} for each in moving["spec"]["slots"]]
    draft = {**moving["spec"], "slots": slots}
    assert rehearsed(sam, moving, "move it", spec=draft) == [("bot", "order, please?")]
    body = {"said": ["move it"], "spec": {**draft, "done": "{nothing}"}}
    assert sam.is_refused(f"flows/{moving['id']}/try/", body) == (400, "bad_flow")
    assert sam.is_refused(f"flows/{moving['id']}/try/", {"said": []}) == (400, "bad_value")


def test_a_flow_in_another_language_is_added_and_is_off(
    sam: speakers.Speaker, moving: dict[str, Any], inbox: Inbox
) -> None:
    new = {"intent": "payment_date", "action": "move_payment", "spec": {**moving["spec"], "language": "fr"}}
    added = sam.does(f"inboxes/{inbox.pk}/flows/", new)
    assert (added["language"], added["enabled"], added["version"]) == ("fr", False, 1)
    assert sam.is_refused(f"inboxes/{inbox.pk}/flows/", new) == (400, "bad_flow")
    assert sam.is_refused(f"inboxes/{inbox.pk}/flows/", {**new, "action": "paint"}) == (400, "bad_value")
    assert sam.is_refused(f"inboxes/{inbox.pk}/flows/", {**new, "spec": {"title": "x"}}) == (400, "bad_flow")
    assert "move_payment" in [each["name"] for each in sam.get(f"inboxes/{inbox.pk}/flows/")["actions"]]


def test_agents_do_not_change_flows(bob: Agent, inbox: Inbox) -> None:
    speaker = speakers.agent(bob)
    assert speaker.is_refused(f"inboxes/{inbox.pk}/flows/", method="GET") == (403, "forbidden")
    assert speaker.is_refused("flows/1/", {"version": 1, "enabled": True}, method="PUT") == (403, "forbidden")
    assert speaker.is_refused("flows/1/try/", {"said": ["x"]}) == (403, "forbidden")
