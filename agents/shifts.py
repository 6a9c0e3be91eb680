"""Shifts that agents take by themselves: as many as it has places, none beside another of theirs, none that is over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch

from agents.models import Agent, Shift, Team
from supportdesk.clock import now

SHOWN_MOST = 500


class NoPlace(Exception):
    """The message says why the shift cannot be taken."""


def coming() -> list[Shift]:
    """Those that are not over, the next first."""
    rows = Shift.objects.filter(ends_at__gt=now()).select_related("team")
    return list(
        rows.prefetch_related(Prefetch("agents", Agent.objects.order_by("id"))).order_by("starts_at", "id")[:SHOWN_MOST]
    )


def offer_shift(*, team: Team, starts_at: datetime, ends_at: datetime, places: int) -> Shift:
    return Shift.objects.create(team=team, starts_at=starts_at, ends_at=ends_at, places=places)


def withdraw_shift(*, shift_id: int) -> None:
    Shift.objects.filter(pk=shift_id).delete()


@transaction.atomic
def take_shift(*, shift_id: int, agent: Agent) -> Shift:
    """Taking it twice is taking it once. The agent's row is locked, too, so that he is never in two at a time.

    Raises:
        Shift.DoesNotExist.
        NoPlace: it is over, full, or he has another one then.
    """
    shift = Shift.objects.select_for_update(no_key=True).get(pk=shift_id)
    Agent.objects.select_for_update(no_key=True).get(pk=agent.pk)
    taken = set(shift.agents.values_list("pk", flat=True))
    if agent.pk in taken:
        return shift
    if shift.ends_at <= now():
        raise NoPlace("This shift is over.")
    if len(taken) >= shift.places:
        raise NoPlace("All places of this shift are taken.")
    if agent.shifts.filter(starts_at__lt=shift.ends_at, ends_at__gt=shift.starts_at).exists():
        raise NoPlace("You have another shift at that time. Give it back first.")
    shift.agents.add(agent)
    return shift


def give_back_shift(*, shift_id: int, agent: Agent) -> Shift:
    """Giving it back twice is giving it back once.

    Raises:
        Shift.DoesNotExist.
    """
    shift = Shift.objects.get(pk=shift_id)
    shift.agents.remove(agent)
    return shift
