"""People who answer: agents, their teams, skills, capacity and what they chose to be available for.

Who is online is not here but in Redis (agents.presence): it is true for seconds only.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from agents.hours import Hours, readable
from supportdesk.clock import now


class Team(models.Model):
    name = models.CharField(max_length=100, unique=True)
    hours = models.JSONField(
        default=dict,
        blank=True,
        validators=[readable],
        help_text="As an inbox's hours; empty: whenever the inbox is open.",
    )

    def __str__(self) -> str:
        return self.name

    def opening(self) -> Hours:
        return Hours.read(self.hours)


class Skill(models.Model):
    """Something a conversation may need, e.g. `fraud` or `returns`."""

    name = models.SlugField(max_length=60, unique=True)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Availability(models.TextChoices):
    AVAILABLE = "available"
    AWAY = "away"


class Agent(models.Model):
    """A user who answers customers. Locked after the Conversation, never before it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="agent")
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=12, choices=Role, default=Role.AGENT)
    teams = models.ManyToManyField(Team, related_name="agents", blank=True)
    skills = models.ManyToManyField(Skill, related_name="agents", blank=True)
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    capacity = models.PositiveSmallIntegerField(default=4, help_text="Conversations at the same time.")
    availability = models.CharField(max_length=12, choices=Availability, default=Availability.AWAY)
    availability_reason = models.CharField(max_length=500, blank=True)
    availability_since = models.DateTimeField(default=now)
    idle_since = models.DateTimeField(default=now, help_text="When the last conversation ended or was taken.")
    missed_offers = models.PositiveSmallIntegerField(default=0, help_text="In a row, since the last accepted one.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(availability__in=Availability.values), name="agent_availability_known"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="agent_role_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_available(self) -> bool:
        return self.availability == Availability.AVAILABLE
