"""When people answer: weekly opening hours with holidays, in a time zone. Pure; no hours at all is always open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPANS_MOST, HOLIDAYS_MOST = 12, 400
SEARCHED_DAYS = 500
"""How far an opening is looked for: longer than all holidays together."""
MIDNIGHT = "24:00"

Spans = tuple[tuple[time, time], ...]


class BadHours(ValueError):
    """The hours cannot be read; the message says which part."""


@dataclass(frozen=True, slots=True)
class Hours:
    """`spans[weekday]` are the day's (from, to) in local time; None: always open. `holidays` replace a day's."""

    tz: ZoneInfo
    spans: tuple[Spans, ...] | None
    holidays: Mapping[date, Spans] = field(default_factory=dict)

    @classmethod
    def read(cls, hours: Mapping[str, Any]) -> Hours:
        """From `{"tz": "Europe/Berlin", "mon": [["09:00", "17:00"]], "holidays": {"2026-12-25": []}}`.

        Only holidays, without any day, is open on all others. A span that ends at "24:00" goes on to midnight.

        Raises:
            BadHours: an unknown zone, day or date, too many of them, or a span that does not end after it starts.
        """
        if unknown := set(hours) - {"tz", "holidays", *DAYS}:
            raise BadHours(f"unknown day: {', '.join(sorted(unknown))}")
        try:
            tz = ZoneInfo(hours.get("tz", "UTC"))
            weekly = tuple(_spans(hours.get(day, [])) for day in DAYS) if set(hours) & set(DAYS) else None
            holidays = {date.fromisoformat(day): _spans(spans) for day, spans in hours.get("holidays", {}).items()}
        except (ZoneInfoNotFoundError, ValueError, TypeError, AttributeError, OSError) as error:
            raise BadHours(str(error)) from None
        if len(holidays) > HOLIDAYS_MOST:
            raise BadHours(f"more than {HOLIDAYS_MOST} holidays")
        return cls(tz, weekly, holidays)

    def is_open(self, moment: datetime) -> bool:
        return any(start <= moment < end for start, end in self._of(moment.astimezone(self.tz).date()))

    def next_open(self, moment: datetime) -> datetime | None:
        """`moment` itself while open, else the next opening; None if there is none within SEARCHED_DAYS."""
        today = moment.astimezone(self.tz).date()
        for ahead in range(SEARCHED_DAYS):
            for start, end in self._of(today + timedelta(days=ahead)):
                if moment < end:
                    return max(start, moment).astimezone(moment.tzinfo)
        return None

    def _of(self, day: date) -> list[tuple[datetime, datetime]]:
        """The day's openings in UTC, in order: the day the clocks change is shorter or longer by itself."""
        weekly = self.spans[day.weekday()] if self.spans is not None else ((time.min, time.max),)
        return sorted((self._at(day, start), self._at(day, end)) for start, end in self.holidays.get(day, weekly))

    def _at(self, day: date, at: time) -> datetime:
        if at == time.max:
            day, at = day + timedelta(days=1), time.min
        return datetime.combine(day, at, self.tz).astimezone(UTC)


def _spans(pairs: Iterable[tuple[str, str]]) -> Spans:
    spans = tuple((time.fromisoformat(a), time.max if b == MIDNIGHT else time.fromisoformat(b)) for a, b in pairs)
    if any(a.tzinfo or b.tzinfo for a, b in spans):
        raise BadHours("times are local: they have no zone of their own")
    if any(a >= b for a, b in spans):
        raise BadHours("a span must end after it starts")
    if len(spans) > SPANS_MOST:
        raise BadHours(f"more than {SPANS_MOST} spans a day")
    return spans


def are_open(all_of: Iterable[Hours], moment: datetime) -> bool:
    """Whether an inbox and the team it waits for are open, both."""
    return all(hours.is_open(moment) for hours in all_of)


def next_open_of_all(all_of: Iterable[Hours], moment: datetime) -> datetime | None:
    """The first moment from `moment` on at which all are open; None if there is none within SEARCHED_DAYS."""
    hours, latest = list(all_of), moment + timedelta(days=SEARCHED_DAYS)
    while moment <= latest:
        openings = [opening for one in hours if (opening := one.next_open(moment)) is not None]
        if len(openings) < len(hours):
            return None
        if max(openings, default=moment) == moment:
            return moment
        moment = max(openings)
    return None


def checked(hours: Mapping[str, Any]) -> Mapping[str, Any]:
    """For the shape of a request: as they were given. Raises BadHours."""
    Hours.read(hours)
    return hours


def readable(hours: Mapping[str, Any]) -> None:
    """A model field's validator."""
    try:
        Hours.read(hours)
    except BadHours as error:
        raise ValidationError(f"These hours cannot be read: {error}.") from error
