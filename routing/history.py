"""What the desk has measured of itself: how often people are asked for, and how long they take. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from chat.handling import handled_since
from supportdesk.clock import now

LATEST = 2_000
ASKED = "SELECT count(*) FROM chat_event WHERE trigger = 'handoff_requested' AND at > %s"


@dataclass(frozen=True, slots=True)
class History:
    arrivals_per_s: float
    handling_s: float
    handling: tuple[float, ...]
    """Seconds of each conversation with a person, the latest ones."""


def measured(days: int) -> History | None:
    """The last `days`; None where nobody asked for a person or no person has ended a conversation."""
    since = now() - timedelta(days=days)
    handling = handled_since(since, LATEST)
    with connection.cursor() as cursor:
        cursor.execute(ASKED, [since])
        (asked,) = cursor.fetchone()
    if not asked or not any(handling):
        return None
    return History(asked / timedelta(days=days).total_seconds(), sum(handling) / len(handling), handling)
