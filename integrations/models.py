"""API tokens: the right of a program to speak for one agent or for the desk. Only the SHA-256 of a token is stored."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from agents.models import Agent
from supportdesk.clock import now


class ApiToken(models.Model):
    """Works until it is revoked or its agent may not sign in any more."""

    name = models.CharField(max_length=100, help_text="What uses it, e.g. `CRM sync`.")
    token_hash = models.CharField(max_length=64, unique=True)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, null=True, related_name="api_tokens")
    scopes = ArrayField(models.CharField(max_length=20))
    created_at = models.DateTimeField(default=now)
    last_used_at = models.DateTimeField(null=True, help_text="To the minute.")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(revoked_at=None), name="token_name_once_while_live")
        ]

    def __str__(self) -> str:
        return self.name
