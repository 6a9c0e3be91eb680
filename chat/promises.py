"""The ledger of promises: what customers were told they can count on, by when, and whether it was kept.

A row is never changed once it has an outcome. Imports no other model; `chat.models` names it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from supportdesk.clock import now


class PromiseQuerySet(models.QuerySet["Promise"]):
    def open(self) -> PromiseQuerySet:
        return self.filter(outcome__isnull=True)

    def at_risk(self, moment: datetime, before: timedelta) -> PromiseQuerySet:
        """Due within `before`, and supervisors have not been told."""
        return self.open().filter(alerted_at__isnull=True, due__gt=moment, due__lte=moment + before)

    def settle_overdue(self, moment: datetime) -> int:
        """Those whose time has passed were broken when it did; returns how many."""
        overdue = self.open().filter(due__lt=moment)
        return overdue.update(outcome=Promise.Outcome.BROKEN, outcome_at=F("due"))


class Promise(models.Model):
    """A person by `due`. `asked_at`: since when the customer has waited for one."""

    class Kind(models.TextChoices):
        CALLBACK = "callback"

    class Outcome(models.TextChoices):
        KEPT = "kept"
        BROKEN = "broken"
        RELEASED = "released"  # closed before a person was needed

    conversation = models.ForeignKey("chat.Conversation", on_delete=models.CASCADE, related_name="promises")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CALLBACK)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(default=now)
    due = models.DateTimeField()
    alerted_at = models.DateTimeField(null=True, help_text="When supervisors were told that it is about to break.")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, null=True)
    outcome_at = models.DateTimeField(null=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(outcome__isnull=True), name="promise_one_open_per_conversation"
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True, outcome_at__isnull=True)
                | Q(outcome__isnull=False, outcome_at__isnull=False),
                name="promise_outcome_is_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["due"], condition=Q(outcome__isnull=True), name="promise_open_due"),
            models.Index(fields=["due"], name="promise_due"),
        ]


class ReachAlert(models.Model):
    """Supervisors were told that on this day too few who asked had a person in time. Once a day and inbox."""

    inbox = models.ForeignKey("chat.Inbox", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    told_at = models.DateTimeField(default=now)
    share = models.FloatField(help_text="Of those judged by then.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inbox", "day"], name="reach_alert_once_a_day")]
