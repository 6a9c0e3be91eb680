"""What a customer's words say for a slot. Pure; a value found is in its normal form."""

from __future__ import annotations

import re
from datetime import date, timedelta

import re2

from flows.spec import Slot

MONTHS = [
    ("january", "januar"), ("february", "februar"), ("march", "märz"), ("april",), ("may", "mai"), ("june", "juni"),
    ("july", "juli"), ("august",), ("september",), ("october", "oktober"), ("november",), ("december", "dezember"),
]  # fmt: skip
"""In English and German; three letters are enough, and no three are of two months."""
MONTH_WORDS = "|".join(sorted({f"{name[:3]}(?:{name[3:]})?" for names in MONTHS for name in names}))
WEEKDAYS = {
    name: number
    for names in (
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
    )
    for number, name in enumerate(names)
}
YES = re.compile(
    r"^\W*(yes|yeah|yep|yup|sure|ok|okay|please do|go ahead|do it|correct|right|confirm(ed)?|ja|gerne?|genau|stimmt"
    r"|oui|si|sí)\b",
    re.I,
)
NO = re.compile(r"^\W*(no|nope|nah|don'?t|do not|wrong|nein|nee|nicht|falsch|non)\b", re.I)
STOP = re.compile(
    r"^\W*(never ?mind|forget it|cancel that|stop( it)?|leave it|not now|abort"
    r"|stopp|abbrechen|schon gut|vergiss es|vergessen sie es|lassen sie es|doch nicht)\W*$",
    re.I,
)
AGAIN = re.compile(
    r"\b(resend|(send|try)( it| me)* (again|another|a new)|(new|another) code"
    r"|(not|didn'?t|haven'?t|no) (\w+ )?(get|got|receive\w*|arrive\w*|e-?mail)"
    r"|neue[rn]? code|noch ?mal|erneut|nichts? (bekommen|erhalten|angekommen|da))\b",
    re.I,
)
EMAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}")
CODE = re.compile(r"(?<!\d)(\d{3})[ -]?(\d{3})(?!\d)")


def find(slot: Slot, said: str, today: date, *, asked: bool) -> str | None:
    """The slot's value in `said`. Free text is taken only where it was asked for."""
    if slot.kind == "pattern":
        found = re2.search(slot.pattern, said)
        return slot.shape.format(found.group(1).upper()) if found else None
    if slot.kind == "date":
        day = find_date(said, today)
        is_near = day is not None and today < day <= today + timedelta(days=slot.days_most)
        return day.isoformat() if day is not None and is_near else None
    if slot.kind == "choice":
        return find_choice(slot.choices, said)
    return (" ".join(said.split())[: slot.chars_most] or None) if asked else None


def find_choice(choices: dict[str, list[str]], said: str) -> str | None:
    """The one value whose words are said; None where several are, or none."""
    text = said.casefold()
    meant = [
        value
        for value, words in choices.items()
        if any(re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", text) for word in words)
    ]
    return meant[0] if len(meant) == 1 else None


def find_email(said: str) -> str | None:
    found = EMAIL.search(said)
    return found.group().casefold().rstrip(".") if found else None


def find_code(said: str) -> str | None:
    found = CODE.search(said)
    return "".join(found.groups()) if found else None


def find_date(said: str, today: date) -> date | None:
    """A date as people write it in English or German; one without a year, or a weekday, is the next to come."""
    text = said.casefold()
    for read in (_iso, _dotted, _named, _relative, _day_alone):
        try:
            day = read(text, today)
        except ValueError:  # the 31st of February
            return None
        if day is not None:
            return day
    return None


def _iso(text: str, today: date) -> date | None:
    found = re.search(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)", text)
    return date(*map(int, found.groups())) if found else None


def _dotted(text: str, today: date) -> date | None:
    found = re.search(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.(\d{4})?(?!\d)", text)
    return _next(int(found[1]), int(found[2]), found[3], today) if found else None


def _named(text: str, today: date) -> date | None:
    day_first = re.search(rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)? ?({MONTH_WORDS})\b\.?,? ?(\d{{4}})?", text)
    if day_first:
        return _next(int(day_first[1]), _month(day_first[2]), day_first[3], today)
    month_first = re.search(rf"\b({MONTH_WORDS})\.? (\d{{1,2}})(?:st|nd|rd|th)?(?!\d),? ?(\d{{4}})?", text)
    return _next(int(month_first[2]), _month(month_first[1]), month_first[3], today) if month_first else None


def _relative(text: str, today: date) -> date | None:
    if re.search(r"\b(day after tomorrow|übermorgen)\b", text):
        return today + timedelta(days=2)
    if re.search(r"\b(tomorrow|(?<!guten )morgen)\b", text):
        return today + timedelta(days=1)
    ahead = re.search(r"\bin (\d{1,3}) (day|week|tag|woche)(?:s|en|n)?\b", text)
    if ahead:
        return today + timedelta(days=int(ahead[1]) * (7 if ahead[2] in ("week", "woche") else 1))
    if re.search(r"\b(next week|nächste woche)\b", text) and not re.search("|".join(WEEKDAYS), text):
        return today + timedelta(days=7)
    weekday = re.search(rf"\b({'|'.join(WEEKDAYS)})\b", text)
    if weekday:
        return today + timedelta(days=(WEEKDAYS[weekday[1]] - today.weekday() - 1) % 7 + 1)
    return None


def _day_alone(text: str, today: date) -> date | None:
    found = re.search(r"(?<![\d-])(\d{1,2})(?:st|nd|rd|th)\b|\b(?:am|zum|den) (\d{1,2})\.(?!\d)", text)
    if not found:
        return None
    day = int(found[1] or found[2])
    this = today.replace(day=day)
    if this > today:
        return this
    after = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return after.replace(day=day)


def _month(name: str) -> int:
    return next(n for n, names in enumerate(MONTHS, 1) if any(month.startswith(name[:3]) for month in names))


def _next(day: int, month: int, year: str | None, today: date) -> date:
    if year:
        return date(int(year), month, day)
    this = date(today.year, month, day)
    return this if this >= today else this.replace(year=today.year + 1)
