"""When people answer: weekly opening hours in a time zone. Pure; an inbox without hours is always open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class BadHours(ValueError):
    """The hours cannot be read; the message says which part."""


@dataclass(frozen=True, slots=True)
class Hours:
    """`spans[weekday]` are the day's (from, to) in local time, in order; None is always open."""

    tz: ZoneInfo
    spans: tuple[tuple[tuple[time, time], ...], ...] | None

    @classmethod
    def read(cls, hours: dict[str, Any]) -> Hours:
        """From `{"tz": "Europe/Berlin", "mon": [["09:00", "17:00"]], ...}`.

        Raises:
            BadHours: an unknown zone or day, or a span that does not end after it starts.
        """
        if not hours:
            return cls(ZoneInfo("UTC"), None)
        if unknown := set(hours) - {"tz", *DAYS}:
            raise BadHours(f"unknown day: {', '.join(sorted(unknown))}")
        try:
            tz = ZoneInfo(hours.get("tz", "UTC"))
            spans = tuple(
                tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in hours.get(day, [])) for day in DAYS
            )
        except (ZoneInfoNotFoundError, ValueError, TypeError) as error:
            raise BadHours(str(error)) from None
        if any(a >= b for day in spans for a, b in day):
            raise BadHours("a span must end after it starts")
        return cls(tz, spans)

    def is_open(self, moment: datetime) -> bool:
        if self.spans is None:
            return True
        local = moment.astimezone(self.tz)
        return any(a <= local.time() < b for a, b in self.spans[local.weekday()])

    def next_open(self, moment: datetime) -> datetime:
        """`moment` itself while open, else the next opening within a week; `moment` if there is none."""
        if self.spans is None or self.is_open(moment):
            return moment
        local = moment.astimezone(self.tz)
        for ahead in range(8):
            day = local.date() + timedelta(days=ahead)
            for start, _ in self.spans[day.weekday()]:
                opening = datetime.combine(day, start, self.tz)
                if opening > local:
                    return opening.astimezone(moment.tzinfo)
        return moment
