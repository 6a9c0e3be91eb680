"""Supervisors hear that too few customers reach a person in time, while the day can still be mended."""

from __future__ import annotations

from django.db import transaction

from chat.facts import ReachFell
from chat.models import Inbox, ReachAlert
from chat.reach import today
from supportdesk import bus

JUDGED_LEAST = 20
"""With fewer a single customer could be the whole difference: 1 of 19 is more than one in twenty."""


def alert_reach() -> int:
    """Tells of every inbox whose share of today is below its target, once a day; returns of how many."""
    return sum(_alert(inbox) for inbox in Inbox.objects.order_by("pk"))


@transaction.atomic
def _alert(inbox: Inbox) -> bool:
    period = today(inbox)
    share = period.share()
    if share is None or period.judged() < JUDGED_LEAST or not period.falls_short():
        return False
    _, is_first = ReachAlert.objects.get_or_create(inbox=inbox, day=period.begins, defaults={"share": share})
    if is_first:
        fell = ReachFell(inbox.pk, period.met, period.judged(), period.target_s or 0, period.target_percent or 0)
        bus.emit(fell)
    return is_first
