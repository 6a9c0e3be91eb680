"""The demo shop: signed calls only, nobody else's orders, nothing done twice."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from demoshop import rows
from demoshop.models import Deed, Order
from flows.calls import signature
from supportdesk.clock import now

pytestmark = pytest.mark.django_db
SECRET = "a-secret"
ANA = {"external_id": None, "email": "ana@example.com", "proof": "email_code"}


@pytest.fixture(autouse=True)
def shop(db: None) -> None:
    rows.load(SECRET)


def ask(
    name: str,
    customer: dict[str, Any] | None = None,
    key: str | None = None,
    secret: str = SECRET,
    language: str = "en",
    **given: Any,
) -> Any:
    body = json.dumps({"action": name, "customer": customer or ANA, "input": given}).encode()
    moment = str(int(now().timestamp()))
    headers = {
        "Accept-Language": language,
        "Idempotency-Key": key or str(uuid4()),
        "Supportdesk-Timestamp": moment,
        "Supportdesk-Signature": signature(secret, moment, body),
    }
    return Client().post(f"/demo-shop/{name}/", body, "application/json", headers=headers)


def test_the_state_of_ones_own_order() -> None:
    answer = ask("order_status", order="LO-48213")
    assert answer.json()["output"]["item"] == "Fen table lamp"


@pytest.mark.parametrize(
    "customer", [{"email": "dan@example.com", "proof": "email_code"}, {"email": "ana@example.com", "proof": None}]
)
def test_somebody_elses_order_does_not_exist(customer: dict[str, Any]) -> None:
    assert ask("order_status", customer, order="LO-48213").status_code == 404
    assert (
        ask("order_status", customer, order="LO-00000").json() == ask("order_status", customer, order="LO-48213").json()
    )


def test_an_unsigned_call_does_nothing() -> None:
    assert ask("order_status", secret="another", order="LO-48213").status_code == 401
    assert Client().post("/demo-shop/order_status/", b"{}", "application/json").status_code == 401
    assert not Deed.objects.exists()


def test_the_same_key_is_the_same_deed() -> None:
    day = (now().date() + timedelta(days=20)).isoformat()
    key = str(uuid4())
    first, second = (ask("move_payment", key=key, order="LO-48301", date=day) for _ in range(2))
    assert first.json() == second.json()
    order = Order.objects.get(pk="LO-48301")
    assert (order.due_on, order.moved_times) == (now().date() + timedelta(days=20), 1)
    assert ask("move_payment", key=key, order="LO-48301", date="2030-01-01").json() == {"problem": "key_reused"}


@pytest.mark.parametrize(
    ("name", "order", "problem"),
    [
        ("start_return", "LO-48213", "not_delivered"),
        ("refund_status", "LO-48213", "not_returned"),
        ("move_payment", "LO-48213", "nothing_due"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_code(name: str, order: str, problem: str) -> None:
    assert ask(name, order=order, date="2030-01-01").json() == {"problem": problem}


def test_a_return_and_its_refund() -> None:
    assert ask("start_return", order="LO-47950").json()["output"]["label"] == "RET-47950"
    assert "checked" in ask("refund_status", order="LO-47702").json()["output"]["state"]


def test_nonsense_is_refused() -> None:
    assert ask("move_payment", order="LO-48301", date="soon").status_code == 400
    assert ask("nothing", order="LO-48301").status_code == 404


def test_the_shop_answers_in_german_where_it_is_asked_to() -> None:
    said = ask("order_status", order="LO-48213", language="de").json()["output"]
    assert (said["status"], said["when"].startswith("soll bis "), said["when"].endswith(" bei Ihnen sein")) == (
        "unterwegs", True, True,
    )  # fmt: skip
    assert "kam am" in ask("order_status", order="LO-47950", language="de").json()["output"]["when"]
    assert "geprüft" in ask("refund_status", order="LO-47702", language="de").json()["output"]["state"]
    day = now().date() + timedelta(days=20)
    moved = ask("move_payment", order="LO-48301", date=day.isoformat(), language="de").json()["output"]["due"]
    assert moved.split(",")[0] in ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


def test_a_desk_started_days_later_has_orders_of_that_day_and_keeps_what_was_done() -> None:
    moved = now().date() + timedelta(days=9)
    ask("move_payment", order="LO-48301", date=moved.isoformat())
    ask("start_return", order="LO-47950")
    Order.objects.update(arrives_on=now().date() - timedelta(days=90))
    rows.load(SECRET)
    on_its_way, partly_paid = Order.objects.get(number="LO-48213"), Order.objects.get(number="LO-48301")
    assert on_its_way.arrives_on > now().date()
    assert (partly_paid.due_on, partly_paid.moved_times) == (moved, 1)
    assert Order.objects.get(number="LO-47950").returned_at is not None
