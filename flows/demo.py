"""The demo desk's actions and flows, as its operator would have written them. Loading twice changes nothing."""

from __future__ import annotations

from typing import Any

from chat.models import Inbox, new_secret
from flows import demo_de
from flows.models import Action, Flow
from flows.spec import Spec

ORDER: dict[str, Any] = {
    "name": "order",
    "kind": "pattern",
    "pattern": r"(?i)\b(?:LO\s?-?\s?)?(\d{5})\b",
    "shape": "LO-{}",
    "ask": "Which order is it? The number is in the confirmation e-mail and looks like LO-48213.",
    "again": "I need the order number: LO- and five digits, as in LO-48213. It is in the confirmation e-mail.",
}
DATE: dict[str, Any] = {
    "name": "date",
    "kind": "date",
    "days_most": 60,
    "ask": "To which date shall I move it? For instance “15 December” or “in 10 days”.",
    "again": "I need a date within the next 60 days, for instance “15 December”.",
}
NOT_FOUND = {
    "say": "I find no order {order} under your e-mail address. Please check the number and type it again.",
    "then": "order",
}


def _texts(*names: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: {"type": "string", "maxLength": 200} for name in names},
        "required": list(names),
    }


FLOWS: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...], dict[str, Any]], ...] = (
    # (intent, action, takes, gives, spec)
    (
        "order_status", "order_status", ("order",), ("item", "status", "when"),
        {
            "title": "Where an order is", "slots": [ORDER],
            "done": "Your order {order} ({item}) is {status}; it {when}.",
            "refusals": {"not_found": NOT_FOUND},
        },
    ),
    (
        "refund_status", "refund_status", ("order",), ("amount", "state"),
        {
            "title": "Where a refund is", "slots": [ORDER],
            "done": "The refund of {amount} for order {order} {state}.",
            "refusals": {
                "not_found": NOT_FOUND,
                "not_returned": {
                    "say": "Order {order} has not come back to us yet. We refund within 3 working days of its return.",
                    "then": "end",
                },
            },
        },
    ),
    (
        "return_item", "start_return", ("order",), ("item", "label"),
        {
            "title": "Return an order", "slots": [ORDER],
            "confirm": "Shall I start a return for order {order}? You get a label for it.",
            "done": "The return of your {item} is started. Write {label} on the parcel and hand it in at any parcel "
            "shop; we refund within 3 working days of its arrival.",
            "refusals": {
                "not_found": NOT_FOUND,
                "not_delivered": {
                    "say": "Order {order} has not been delivered yet, so it cannot be returned now.", "then": "end",
                },
                "too_late": {"say": "The 30 days for a return of order {order} are over.", "then": "human"},
            },
        },
    ),
    (
        "payment_date", "move_payment", ("order", "date"), ("due",),
        {
            "title": "Move a payment date", "slots": [ORDER, DATE],
            "confirm": "Shall I move the next payment of order {order} to {date}? It costs nothing.",
            "done": "Done: the next payment of order {order} is now due on {due}.",
            "refusals": {
                "not_found": NOT_FOUND,
                "nothing_due": {"say": "Nothing is due for order {order}: it is paid.", "then": "end"},
                "date_too_far": {
                    "say": "{date} is more than 30 days after the date it is due now. Which earlier date shall it be?",
                    "then": "date",
                },
            },
        },
    ),
)  # fmt: skip


def load(inbox: Inbox) -> str:
    """Returns the secret that all actions of the demo are signed with."""
    secret = Action.objects.filter(inbox=inbox).values_list("secret", flat=True).first() or new_secret()
    for intent, name, takes, gives, spec in FLOWS:
        action, _ = Action.objects.get_or_create(
            inbox=inbox, name=name,
            defaults={
                "url": f"{{desk}}/demo-shop/{name}/", "secret": secret, "takes": _texts(*takes),
                "gives": _texts(*gives),
            },
        )  # fmt: skip
        german = {**demo_de.SPECS[intent], "language": "de"}
        for each in (Spec.model_validate(spec), Spec.model_validate(german)):
            Flow.objects.get_or_create(
                inbox=inbox, intent=intent, language=each.language,
                defaults={"action": action, "spec": each.model_dump(mode="json")},
            )  # fmt: skip
    return secret
