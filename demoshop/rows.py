"""The rows that the demo shop starts with. Loading them again keeps what was done and moves the dates to today's."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from demoshop.models import Order, Shop
from supportdesk.clock import now

ANA = "ana@example.com"
"""The address that the demo's orders were placed with."""


def load(secret: str) -> None:
    """`secret` is what the desk signs with."""
    Shop.objects.update_or_create(pk=1, defaults={"secret": secret})
    today = now().date()
    orders = [
        Order(number="LO-48213", item="Fen table lamp", total=Decimal("89.00"), status=Order.Status.ON_ITS_WAY,
              arrives_on=today + timedelta(days=2)),
        Order(number="LO-48301", item="Rowan armchair", total=Decimal("540.00"), status=Order.Status.PACKED,
              arrives_on=today + timedelta(days=12), due_on=today + timedelta(days=5)),
        Order(number="LO-47950", item="Moonrise globe", total=Decimal("109.00"), status=Order.Status.DELIVERED,
              arrives_on=today - timedelta(days=6)),
        Order(number="LO-47702", item="Heron desk lamp", total=Decimal("149.00"), status=Order.Status.DELIVERED,
              arrives_on=today - timedelta(days=20), returned_at=now() - timedelta(days=4)),
    ]  # fmt: skip
    for order in orders:
        order.email, order.external_id = ANA, "ana"
    Order.objects.bulk_create(orders, update_conflicts=True, unique_fields=["number"], update_fields=["arrives_on"])
    for order in orders:  # a payment that a customer has moved is due when he was told
        Order.objects.filter(number=order.number, moved_times=0).update(due_on=order.due_on)
