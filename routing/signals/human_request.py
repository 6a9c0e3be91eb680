"""An explicit wish for a person, in seven languages; a refusal of one ("don't transfer me") is not a wish."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from routing.signals import rules
from routing.signals.words import mend, plain

FILE = "human_request.toml"
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
BARE_CHARS = 60
_CLAUSE = re.compile(r"[.,;:!?\n]+| but | aber | sondern | mais | pero | sino | ma | mas | maar ")


@dataclass(frozen=True, slots=True)
class HumanRequest:
    language: str
    rule: str
    """The pattern that matched, e.g. `en.ask.3`."""


@dataclass(frozen=True, slots=True)
class _Rules:
    language: str
    other: re.Pattern[str] | None
    deny: Sequence[re.Pattern[str]]
    ask: Sequence[re.Pattern[str]]
    bare: re.Pattern[str]


def find(text: str) -> HumanRequest | None:
    """The first rule by which `text` asks for a person."""
    folded = plain(text)
    mended = mend(folded, rules.load(FILE)["vocabulary"])
    return next((found for each in _all() if (found := _find(mended if each.language == "en" else folded, each))), None)


def _find(text: str, each: _Rules) -> HumanRequest | None:
    if len(text) <= BARE_CHARS and each.bare.fullmatch(text.strip(" .!?,")):
        return HumanRequest(each.language, f"{each.language}.bare")
    if each.other is not None:
        text = each.other.sub(" ", text)
    for clause in _CLAUSE.split(text):
        wished = clause
        for number, pattern in enumerate(each.ask, 1):
            if _is_about_bots(pattern) and pattern.search(clause):
                return HumanRequest(each.language, f"{each.language}.ask.{number}")
        for pattern in each.deny:
            wished = pattern.sub(" ", wished)
        for number, pattern in enumerate(each.ask, 1):
            if pattern.search(wished):
                return HumanRequest(each.language, f"{each.language}.ask.{number}")
    return None


def _is_about_bots(pattern: re.Pattern[str]) -> bool:
    """ "I don't want a bot" is a wish although it is a refusal, so it is looked for before refusals are cut out."""
    return "chatbot" in pattern.pattern or "(?:to|with) you)" in pattern.pattern


@cache
def _all() -> tuple[_Rules, ...]:
    return tuple(_read(language) for language in LANGUAGES)


def _read(language: str) -> _Rules:
    given = rules.load(FILE)[language]
    words = given["words"]
    return _Rules(
        language,
        rules.compiled(given["other"], words) if "other" in given else None,
        [rules.compiled(pattern, words) for pattern in given["deny"]],
        [rules.compiled(pattern, words) for pattern in given["ask"]],
        rules.compiled(given["bare"], words),
    )
