"""The demo shop's own rows: its orders, and what it has already done under an idempotency key."""

from __future__ import annotations

from django.db import models

from supportdesk.clock import now


class Shop(models.Model):
    """One row: the secret that the desk's calls are signed with."""

    secret = models.CharField(max_length=100)


class Order(models.Model):
    """`due_on` is the next instalment of an order that is paid in parts."""

    class Status(models.TextChoices):
        PACKED = "packed"
        ON_ITS_WAY = "on its way"
        DELIVERED = "delivered"

    number = models.CharField(max_length=10, primary_key=True)
    email = models.CharField(max_length=254)
    external_id = models.CharField(max_length=200, blank=True)
    item = models.CharField(max_length=100)
    total = models.DecimalField(max_digits=8, decimal_places=2)
    status = models.CharField(max_length=12, choices=Status)
    arrives_on = models.DateField()
    due_on = models.DateField(null=True)
    moved_times = models.PositiveSmallIntegerField(default=0)
    returned_at = models.DateTimeField(null=True)
    refunded_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.number


class Deed(models.Model):
    """An answer given under an idempotency key: the same key is given the same answer, and nothing is done twice."""

    key = models.UUIDField(primary_key=True)
    asked = models.CharField(max_length=64, help_text="SHA-256 of the request.")
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    at = models.DateTimeField(default=now)
