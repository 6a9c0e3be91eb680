"""What an inbox's bot can do, and how far each customer has come in it.

A run's state is stored in the transaction that stores the bot's words, so that both are there or neither is.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from chat.models import Conversation, Customer, Inbox, new_secret
from supportdesk.clock import now

CODE_MINUTES = 10
"""How long a mailed code may be used."""
PROOF_MINUTES = 30
"""How long a customer who has typed the code right needs no other."""


class Action(models.Model):
    """One call to the merchant. `takes` and `gives` are JSON Schemas of what is sent and of what must come back."""

    class Identity(models.TextChoices):
        NONE = "none", "anybody"
        PROVEN = "proven", "signed in at the merchant's, or an e-mailed code"

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="actions")
    name = models.SlugField(max_length=60)
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=100, default=new_secret, help_text="Signs each call (HMAC-SHA256).")
    takes = models.JSONField(default=dict, blank=True)
    gives = models.JSONField(default=dict, blank=True)
    identity = models.CharField(max_length=10, choices=Identity, default=Identity.PROVEN)
    timeout_s = models.PositiveSmallIntegerField(default=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inbox", "name"], name="action_name_once"),
            models.CheckConstraint(condition=models.Q(timeout_s__gte=1, timeout_s__lte=5), name="action_answers_soon"),
        ]

    def __str__(self) -> str:
        return self.name


class Flow(models.Model):
    """What the bot does when it recognises `intent`. `spec`: flows.spec.Spec; `version` counts its saves."""

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="flows")
    intent = models.CharField(max_length=60)
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="flows")
    spec = models.JSONField()
    language = models.GeneratedField(
        expression=Coalesce(KT("spec__language"), models.Value("en", output_field=models.TextField())),
        output_field=models.CharField(max_length=3),
        db_persist=True,
    )
    version = models.PositiveIntegerField(default=1)
    enabled = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inbox", "intent", "language"], name="flow_of_intent_and_language_once")
        ]

    def __str__(self) -> str:
        return self.intent


class Run(models.Model):
    """One customer's way through a flow. It is over when the conversation has moved on (`conversation_version`)."""

    id = models.UUIDField(primary_key=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="runs")
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="runs")
    flow_version = models.PositiveIntegerField()
    state = models.JSONField(default=dict, help_text="flows.steps.State.")
    upto_seq = models.PositiveIntegerField(help_text="The last turn that moved it.")
    conversation_version = models.PositiveIntegerField()
    began_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True, help_text="flows.steps.Ended, once it has ended.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=models.Q(ended_at__isnull=True), name="run_one_at_a_time"
            )
        ]


class EmailProof(models.Model):
    """That a customer reads an e-mail address. The code is computed from the id and the desk's key, never stored."""

    id = models.UUIDField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="email_proofs")
    email = models.CharField(max_length=254)
    sent_at = models.DateTimeField(default=now)
    proven_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-sent_at"], name="proof_of_customer"),
            models.Index(fields=["email", "-sent_at"], name="proof_of_email"),
        ]

    def is_open(self, moment: datetime) -> bool:
        return self.proven_at is None and self.sent_at > moment - timedelta(minutes=CODE_MINUTES)

    def holds(self, moment: datetime) -> bool:
        return self.proven_at is not None and self.proven_at > moment - timedelta(minutes=PROOF_MINUTES)
