"""Abuse of whoever answers, by the rules of data/abuse.toml. It decides nothing by itself, and is told with the why."""

from __future__ import annotations

import re
from functools import cache

from routing.signals import rules
from routing.signals.words import readings

FILE = "abuse.toml"


def find(text: str) -> str | None:
    """Which rule sees it, e.g. `en.2`."""
    said = [each for each in readings(text) if _any().search(each)]
    return next((name for pattern, name in _all() if any(pattern.search(each) for each in said)), None)


@cache
def _any() -> rules.Gate:
    return rules.Gate(pattern for pattern, _ in _all())


@cache
def _all() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (rules.compiled(pattern, {}), f"{language}.{number}")
        for language, patterns in rules.load(FILE).items()
        for number, pattern in enumerate(patterns, 1)
    )
