"""What the demo shop does when asked. Each deed gets the locked order and the fields, and gives fields or refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from demoshop.models import Order
from supportdesk.clock import now

MOVES_MOST = 2
MOVE_DAYS_MOST = 30
RETURN_DAYS = 30


class No(Exception):
    """The shop refuses, with a code."""


def order_status(order: Order, given: dict[str, Any]) -> dict[str, Any]:
    when = "arrived on" if order.status == Order.Status.DELIVERED else "should be with you by"
    return {"item": order.item, "status": order.status, "when": f"{when} {_day(order.arrives_on)}"}


def refund_status(order: Order, given: dict[str, Any]) -> dict[str, Any]:
    if order.returned_at is None:
        raise No("not_returned")
    if order.refunded_at is None:
        return {"amount": f"€{order.total}", "state": "is being checked and will be sent within 3 working days"}
    return {"amount": f"€{order.total}", "state": f"was sent on {_day(order.refunded_at.date())}"}


def start_return(order: Order, given: dict[str, Any]) -> dict[str, Any]:
    if order.status != Order.Status.DELIVERED:
        raise No("not_delivered")
    if order.arrives_on < now().date() - timedelta(days=RETURN_DAYS):
        raise No("too_late")
    if order.returned_at is None:
        order.returned_at = now()
        order.save(update_fields=["returned_at"])
    return {"item": order.item, "label": f"RET-{order.number.removeprefix('LO-')}"}


def move_payment(order: Order, given: dict[str, Any]) -> dict[str, Any]:
    day = date.fromisoformat(given["date"])
    if order.due_on is None:
        raise No("nothing_due")
    if order.due_on == day:
        return {"due": _day(day)}
    if order.moved_times >= MOVES_MOST:
        raise No("moved_too_often")
    if not now().date() < day <= order.due_on + timedelta(days=MOVE_DAYS_MOST):
        raise No("date_too_far")
    order.due_on, order.moved_times = day, order.moved_times + 1
    order.save(update_fields=["due_on", "moved_times"])
    return {"due": _day(day)}


def _day(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B %Y}"


DEEDS: dict[str, Callable[[Order, dict[str, Any]], dict[str, Any]]] = {
    "order_status": order_status,
    "refund_status": refund_status,
    "start_return": start_return,
    "move_payment": move_payment,
}
