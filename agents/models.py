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

    fallback = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="Asked, too, after `fallback_s`, or at once where nobody of this team is there.",
    )  # fmt: skip
    fallback_s = models.PositiveIntegerField(default=60)
    accepts_by_itself = models.BooleanField(
        default=False, help_text="What is offered to its agents is theirs at once, without their accepting it."
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


LEVELS = range(1, 6)


class AgentSkill(models.Model):
    """How well an agent knows it: 1 has heard of it, 5 teaches it."""

    agent = models.ForeignKey("Agent", on_delete=models.CASCADE, related_name="levels")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField(default=3, db_default=3)

    class Meta:
        db_table = "agents_agent_skills"
        constraints = [
            models.UniqueConstraint(fields=["agent", "skill"], name="agent_skill_once"),
            models.CheckConstraint(condition=Q(level__range=(LEVELS[0], LEVELS[-1])), name="agent_skill_level_known"),
        ]


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
    skills = models.ManyToManyField(Skill, related_name="agents", blank=True, through=AgentSkill)
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    capacity = models.PositiveSmallIntegerField(default=4, help_text="Units at a time; a conversation is one or more.")
    availability = models.CharField(max_length=12, choices=Availability, default=Availability.AWAY)
    availability_reason = models.CharField(max_length=500, blank=True)
    availability_since = models.DateTimeField(default=now)
    idle_since = models.DateTimeField(default=now, help_text="When the last conversation ended or was taken.")
    can_pick = models.BooleanField(default=False, help_text="May take a conversation out of the queue by himself.")
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

    def supervises(self) -> bool:
        return self.role != Role.AGENT

    def may_pick(self) -> bool:
        return self.can_pick or self.supervises()

    def has_room(self, load: int, units: int) -> bool:
        """Whether `units` more fit in. One that is larger than all his capacity he has alone."""
        return self.capacity > 0 and (load == 0 or load + units <= self.capacity)


class Shift(models.Model):
    """Hours that a team needs more people for. Whoever takes it is of the team while it lasts."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    places = models.PositiveSmallIntegerField(default=1)
    agents = models.ManyToManyField(Agent, related_name="shifts", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="shift_ends_after_it_starts")
        ]
        indexes = [models.Index(fields=["ends_at"], name="shift_ends")]

    def __str__(self) -> str:
        return f"{self.team_id} {self.starts_at:%F %H:%M}"
