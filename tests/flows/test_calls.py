"""Calls to a merchant who behaves, and to some who do not."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from chat.models import Inbox
from flows import breaker, calls
from flows.calls import Caller, Failed, Given, Refused
from flows.models import Action
from supportdesk import outward
from tests.peers import Behaviour, Peer, drips, drips_its_head, floods, hangs_up, silent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("flushed")]

ANA = Caller("ana", "ana@example.com", "signed_identity")
TEXTS = {"type": "object", "properties": {"status": {"type": "string"}}, "required": ["status"]}


@pytest.fixture
def action(inbox: Inbox, peer: Peer) -> Action:
    takes = {"type": "object", "required": ["order"]}
    return Action.objects.create(
        inbox=inbox, name="order_status", url=f"{peer.url}/status", takes=takes, gives=TEXTS, timeout_s=1
    )


def perform(action: Action, key: UUID | None = None, **inputs: str) -> Given | Refused | Failed:
    return calls.perform(action, inputs or {"order": "LO-1"}, ANA, key or uuid4(), 1.5)


def test_a_call_is_signed_and_says_who_asks(action: Action, peer: Peer) -> None:
    peer.gives((200, {"output": {"status": "packed"}}))
    assert perform(action) == Given({"status": "packed"})
    (asked,) = peer.asked
    assert asked.json()["customer"] == {"external_id": "ana", "email": "ana@example.com", "proof": "signed_identity"}
    moment = asked.headers["Supportdesk-Timestamp"]
    assert asked.headers["Supportdesk-Signature"] == calls.signature(action.secret, moment, asked.body)


def test_a_failure_is_tried_again_under_the_same_key(action: Action, peer: Peer) -> None:
    peer.gives((503, {}), (200, {"output": {"status": "packed"}}))
    assert isinstance(perform(action), Given)
    assert len({asked.headers["Idempotency-Key"] for asked in peer.asked}) == 1
    assert len(peer.asked) == 2


def test_a_refusal_is_an_answer(action: Action, peer: Peer) -> None:
    peer.gives((404, {"problem": "not_found"}))
    assert perform(action) == Refused("not_found")
    assert len(peer.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}),
        (200, b"<html>"),
        (200, b"[" * 50_000),
        (200, {"output": {"status": 7}}),
        (200, {"output": []}),
        (404, b"gone"),
        (302, {}),
        (200, b"x" * (calls.ANSWER_BYTES + 1)),
    ],
)
def test_what_is_no_answer_is_a_failure(action: Action, peer: Peer, answer: Any) -> None:
    peer.gives(answer)
    assert isinstance(perform(action), Failed)


@pytest.mark.parametrize("behaviour", [drips, drips_its_head, silent, hangs_up, floods])
def test_nobody_holds_the_desk_up(action: Action, peer: Peer, behaviour: Behaviour) -> None:
    peer.gives(behaviour)
    assert isinstance(calls.perform(action, {"order": "LO-1"}, ANA, uuid4(), 0.6), Failed)


def test_fields_that_do_not_fit_are_not_sent(action: Action, peer: Peer) -> None:
    failed = perform(action, number="LO-1")
    assert isinstance(failed, Failed)
    assert "LO-1" not in failed.why
    assert peer.asked == []


def test_a_merchant_who_keeps_failing_is_given_a_rest(action: Action, peer: Peer) -> None:
    peer.gives((500, {}))
    for _ in range(breaker.FAILURES):
        perform(action)
    before = len(peer.asked)
    assert isinstance(perform(action), Failed)
    assert len(peer.asked) == before
    breaker.worked(action.pk)
    peer.gives((200, {"output": {"status": "packed"}}))
    assert isinstance(perform(action), Given)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/", "http://localhost:1/", "http://[::1]:1/", "http://169.254.169.254/latest", "http://10.0.0.1/",
        "http://0.0.0.0:1/", "http://[::ffff:10.0.0.1]/", "http://2130706433:1/", "file:///etc/passwd", "ftp://example.com/",
        "http://user:secret@example.com/", "http://", "http://[", "http://192.168.1.1:99999/",
    ],
)  # fmt: skip
def test_no_address_inside_is_called(url: str, settings: Any) -> None:
    settings.PRIVATE_PEERS = set()
    with pytest.raises(outward.NotAllowed):
        outward.call("GET", url, within_s=1, most_bytes=10)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("100.64.0.1", False),
        ("2002:0a00:0001::1", False),
        ("fe80::1%eth0", False),
        ("224.0.0.1", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert outward.is_public(address) is public
