"""Topics that never reach the bot: fraud, death, hardship, law, danger and others of data/human_only.toml."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from routing.signals import rules
from routing.signals.words import readings

FILE = "human_only.toml"
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")


@dataclass(frozen=True, slots=True)
class HumanOnly:
    topic: str
    rule: str
    """Which line of the file matched, e.g. `fraud.en.2`."""
    about: str
    skills: tuple[str, ...]
    priority: int


FindTopic = Callable[[str], HumanOnly | None]
"""`find`, or that of a desk's own rules (routing.rulebook)."""


def find(text: str) -> HumanOnly | None:
    """The first topic, in the file's order, that `text` touches."""
    said = [each for each in readings(text) if _any().search(each)]
    if not said:
        return None
    return next((found for pattern, found in _all() if any(pattern.search(each) for each in said)), None)


def every() -> tuple[tuple[re.Pattern[str], HumanOnly], ...]:
    """All rules, in the order in which they decide."""
    return _all()


def topics() -> tuple[str, ...]:
    return tuple(rules.load(FILE))


@cache
def _any() -> rules.Gate:
    return rules.Gate(pattern for pattern, _ in _all())


@cache
def _all() -> tuple[tuple[re.Pattern[str], HumanOnly], ...]:
    return tuple(
        (
            rules.compiled(pattern, {}),
            HumanOnly(topic, f"{topic}.{language}.{number}", given["about"], tuple(given["skills"]), given["priority"]),
        )
        for topic, given in rules.load(FILE).items()
        for language in LANGUAGES
        for number, pattern in enumerate(given[language], 1)
    )
