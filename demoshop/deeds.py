"""What the demo shop does when asked. Each deed gets the locked order, the fields
and the language to answer in, and gives fields or refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils import translation
from django.utils.formats import date_format

from demoshop.models import Order
from supportdesk.clock import now

MOVES_MOST = 2
MOVE_DAYS_MOST = 30
RETURN_DAYS = 30
GERMAN = {Order.Status.PACKED: "verpackt", Order.Status.ON_ITS_WAY: "unterwegs", Order.Status.DELIVERED: "zugestellt"}
CHECKED_DE = "wird geprüft und in 3 Werktagen gesendet"


class No(Exception):
    """The shop refuses, with a code."""


def order_status(order: Order, given: dict[str, Any], language: str) -> dict[str, Any]:
    is_there = order.status == Order.Status.DELIVERED
    if language == "de":
        when = f"kam am {_day(order.arrives_on, language)} an" if is_there else _arrives_de(order)
        return {"item": order.item, "status": GERMAN[Order.Status(order.status)], "when": when}
    when = "arrived on" if is_there else "should be with you by"
    return {"item": order.item, "status": order.status, "when": f"{when} {_day(order.arrives_on)}"}


def refund_status(order: Order, given: dict[str, Any], language: str) -> dict[str, Any]:
    if order.returned_at is None:
        raise No("not_returned")
    is_german = language == "de"
    if order.refunded_at is None:
        checked = "is being checked and will be sent within 3 working days"
        return {"amount": f"€{order.total}", "state": CHECKED_DE if is_german else checked}
    day = _day(order.refunded_at.date(), language)
    return {"amount": f"€{order.total}", "state": f"wurde am {day} gesendet" if is_german else f"was sent on {day}"}


def start_return(order: Order, given: dict[str, Any], language: str) -> dict[str, Any]:
    if order.status != Order.Status.DELIVERED:
        raise No("not_delivered")
    if order.arrives_on < now().date() - timedelta(days=RETURN_DAYS):
        raise No("too_late")
    if order.returned_at is None:
        order.returned_at = now()
        order.save(update_fields=["returned_at"])
    return {"item": order.item, "label": f"RET-{order.number.removeprefix('LO-')}"}


def move_payment(order: Order, given: dict[str, Any], language: str) -> dict[str, Any]:
    day = date.fromisoformat(given["date"])
    if order.due_on is None:
        raise No("nothing_due")
    if order.due_on == day:
        return {"due": _day(day, language)}
    if order.moved_times >= MOVES_MOST:
        raise No("moved_too_often")
    if not now().date() < day <= order.due_on + timedelta(days=MOVE_DAYS_MOST):
        raise No("date_too_far")
    order.due_on, order.moved_times = day, order.moved_times + 1
    order.save(update_fields=["due_on", "moved_times"])
    return {"due": _day(day, language)}


def _arrives_de(order: Order) -> str:
    return f"soll bis {_day(order.arrives_on, 'de')} bei Ihnen sein"


def _day(day: date, language: str = "en") -> str:
    if language == "de":
        with translation.override("de"):
            return date_format(day, "l, j. F Y")
    return f"{day:%A}, {day.day} {day:%B %Y}"


DEEDS: dict[str, Callable[[Order, dict[str, Any], str], dict[str, Any]]] = {
    "order_status": order_status,
    "refund_status": refund_status,
    "start_return": start_return,
    "move_payment": move_payment,
}
