"""Abuse of whoever answers, by the rules of data/abuse.toml. It decides nothing by itself, and is told with the why."""

from __future__ import annotations

import re
from functools import cache

from routing.signals import rules
from routing.signals.words import readings

FILE = "abuse.toml"
ABOUT, WORDS = "about", "words"


def find(text: str) -> str | None:
    """Which rule sees it, e.g. `insult.en.2`."""
    said = [each for each in readings(text) if _any().search(each)]
    if not said:
        return None
    return next((name for pattern, name in _all() if any(pattern.search(each) for each in said)), None)


def about(rule: str) -> str:
    """What a rule's kind is about; a rule of an older release says it is abuse."""
    kind = rules.load(FILE).get(rule.split(".")[0])
    return str(kind[ABOUT]) if kind else "abuse"


@cache
def _any() -> rules.Gate:
    return rules.Gate(pattern for pattern, _ in _all())


@cache
def _all() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (rules.compiled(pattern, rules.load(FILE)[WORDS]), f"{kind}.{language}.{number}")
        for kind, given in rules.load(FILE).items()
        if kind != WORDS
        for language, patterns in given.items()
        if language != ABOUT
        for number, pattern in enumerate(patterns, 1)
    )
