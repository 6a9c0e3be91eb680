"""Who asked for a person in hours, and who had one in time: measured from rows that never change again.

A handoff's packet keeps the target as it was then and whether people answered; events tell when a person had it. Who
still waits past the target has been missed already. Reads only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.db import connection

from chat.models import Inbox
from supportdesk.clock import now

Length = Literal["day", "week"]
DAYS_MOST = 400

WAITED = """
SELECT date_trunc(%(length)s, asked.at AT TIME ZONE %(tz)s)::date AS begins, asked.at, h.target_s, h.target_percent,
  extract(epoch FROM coalesce(ended.at, %(now)s) - asked.at) AS waited_s,
  ended.at IS NOT NULL AS is_over, coalesce(ended.is_taken, false) AS is_taken, dated.is_chosen
FROM chat_handoffpacket h
JOIN chat_conversation c ON c.id = h.conversation_id AND c.inbox_id = %(inbox)s
JOIN chat_event asked ON asked.conversation_id = h.conversation_id AND asked.version = h.version
LEFT JOIN LATERAL (SELECT at, version, to_state = 'assigned' AS is_taken FROM chat_event
  WHERE conversation_id = h.conversation_id AND version > h.version AND to_state IN ('assigned', 'closed', 'bot')
  ORDER BY version LIMIT 1) ended ON true
LEFT JOIN LATERAL (SELECT actor_kind = 'customer' AS is_chosen FROM chat_event
  WHERE conversation_id = h.conversation_id AND version > h.version AND trigger = 'promised'
  AND (ended.version IS NULL OR version < ended.version) ORDER BY version LIMIT 1) dated ON true
WHERE h.target_s IS NOT NULL AND asked.from_state = 'bot'
  AND h.requested_at >= %(since)s::date::timestamp AT TIME ZONE %(tz)s
"""
"""Who has a date already and asks again is not asked about twice: for him the date counts."""
ASKED = f"""
SELECT begins, (array_agg(target_s ORDER BY at DESC))[1], (array_agg(target_percent ORDER BY at DESC))[1],
  count(*), count(*) FILTER (WHERE is_taken AND waited_s <= target_s), count(*) FILTER (WHERE waited_s > target_s),
  count(*) FILTER (WHERE is_over AND NOT is_taken AND waited_s <= target_s),
  count(*) FILTER (WHERE NOT is_over AND is_chosen IS NULL),
  count(*) FILTER (WHERE is_chosen), count(*) FILTER (WHERE NOT is_chosen),
  percentile_disc(0.5) WITHIN GROUP (ORDER BY waited_s) FILTER (WHERE is_chosen IS NULL AND (is_taken OR NOT is_over)),
  percentile_disc(0.95) WITHIN GROUP (ORDER BY waited_s) FILTER (WHERE is_chosen IS NULL AND (is_taken OR NOT is_over))
FROM ({WAITED}) waited GROUP BY begins ORDER BY begins
"""  # noqa: S608  # a constant
PROMISED = """
SELECT date_trunc(%(length)s, p.due AT TIME ZONE %(tz)s)::date,
  count(*) FILTER (WHERE outcome = 'kept'),
  count(*) FILTER (WHERE outcome = 'broken' OR (outcome IS NULL AND due < %(now)s)),
  count(*) FILTER (WHERE outcome = 'released'), count(*) FILTER (WHERE outcome IS NULL AND due >= %(now)s)
FROM chat_promise p JOIN chat_conversation c ON c.id = p.conversation_id AND c.inbox_id = %(inbox)s
WHERE p.due >= %(since)s::date::timestamp AT TIME ZONE %(tz)s
GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Period:
    """A day or week that `begins` then, in the inbox's time zone. Promises count where they are due."""

    begins: date
    target_s: int | None = None
    target_percent: int | None = None
    """As they were when somebody asked last."""
    asked: int = 0
    """For a person, in hours. All of them are in `met`, `missed` and `left`, or not judged yet."""
    met: int = 0
    """With a person within the target."""
    missed: int = 0
    """Not within it, be they with a person by now, still waiting, gone or promised a date."""
    left: int = 0
    """Went before the target had passed: nobody knows whether it would have been kept."""
    waiting: int = 0
    """Now, without a date."""
    chose_date: int = 0
    given_date: int = 0
    """There was nobody to reach."""
    median_s: float | None = None
    p95_s: float | None = None
    """Until a person, of those without a date; who waits is in it with his wait so far, so it can only grow."""
    kept: int = 0
    broken: int = 0
    """Promises; one that is past due is broken, whether written down yet or not."""
    released: int = 0
    open: int = 0

    def judged(self) -> int:
        return self.met + self.missed

    def share(self) -> float | None:
        """Of those judged: with a person in time."""
        return self.met / self.judged() if self.judged() else None

    def falls_short(self) -> bool:
        return self.target_percent is not None and 100 * self.met < self.target_percent * self.judged()


_ASKED = tuple(f.name for f in fields(Period))[:12]
_PROMISED = ("begins", "kept", "broken", "released", "open")


def measured(inbox: Inbox, length: Length, since: date) -> list[Period]:
    """Every day or week from `since` on in which anybody asked or was promised anything, the first one first."""
    known: dict[str, Any] = {
        "inbox": inbox.pk, "length": length, "tz": inbox.opening().tz.key, "since": since, "now": now(),
    }  # fmt: skip
    found: dict[date, dict[str, Any]] = {}
    for statement, names in ((ASKED, _ASKED), (PROMISED, _PROMISED)):
        for row in _rows(statement, known):
            found.setdefault(row[0], {}).update(zip(names, row, strict=True))
    return [Period(**found[begins]) for begins in sorted(found)]


def today(inbox: Inbox) -> Period:
    day = local_day(inbox, now())
    return next((one for one in measured(inbox, "day", day) if one.begins == day), Period(day))


def local_day(inbox: Inbox, moment: datetime) -> date:
    return moment.astimezone(inbox.opening().tz).date()


def first_day(inbox: Inbox, length: Length, days: int) -> date:
    """Of the last `days` days; a week is shown whole."""
    day = local_day(inbox, now()) - timedelta(days=min(days, DAYS_MOST) - 1)
    return day if length == "day" else day - timedelta(days=day.weekday())


def _rows(statement: str, known: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, known)
        return list(cursor.fetchall())
