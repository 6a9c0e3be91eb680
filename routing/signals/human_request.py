"""An explicit wish for a person, in the languages of its file; a refusal of one ("don't transfer me") is not a wish."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from routing.signals import rules
from routing.signals.words import mend, plain, readings

FILE = "human_request.toml"
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
ELSEWHERE = ("uk", "ru", "zh", "ja", "ko", "ar", "tr", "pl", "cs", "sv", "da", "nb")
"""Languages the bot does not speak, in which a wish for a person is understood all the same."""
UNSPACED = frozenset({"zh", "ja", "ko"})
BARE_CHARS = 60
WORTH_A_LOOK = 0.05
"""Below this chance of a wish nobody asks whether it was refused."""
_CLAUSE = re.compile(r"[.,;:!?\n。、،؟]+| but | aber | sondern | mais | pero | sino | ma | mas | maar ")


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
    bare: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class _Gates:
    """All rules of all languages in two patterns: those for a whole text, and those for a part of it."""

    bare: rules.Gate
    part: rules.Gate


def find(text: str) -> HumanRequest | None:
    """The first rule by which `text` asks for a person."""
    return next((found for said in readings(text) if (found := _find_in(said))), None)


def is_refusal(text: str) -> bool:
    """Whether a rule sees a person refused in `text`, and none asked for."""
    folded = plain(text)
    return any(pattern.search(folded) for each in _all() for pattern in each.deny) and find(text) is None


def is_refusal_begun(text: str) -> bool:
    """Whether `text` breaks off in a refusal ("I don't want to"), so that what is written next belongs to it."""
    folded = plain(text)
    return any(pattern.search(folded) for pattern in _begun())


def _find_in(folded: str) -> HumanRequest | None:
    mended = mend(folded, _vocabulary())
    if not any(map(_may_ask, {folded, mended})):
        return None
    return next((found for each in _all() if (found := _find(mended if each.language == "en" else folded, each))), None)


def _may_ask(text: str) -> bool:
    """False where no rule of any language would find anything; True says only that it is worth the whole walk."""
    if len(text) <= BARE_CHARS and _gates().bare.fullmatch(text.strip(" .!?,")):
        return True
    return any(map(_gates().part.search, {text, *_CLAUSE.split(text)}))


def _find(text: str, each: _Rules) -> HumanRequest | None:
    if each.bare is not None and len(text) <= BARE_CHARS and each.bare.fullmatch(text.strip(" .!?,")):
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
    return any(sign in pattern.pattern for sign in ("chatbot", r"robot\w*", r"робот\w*", "(?:to|with) you)"))


@cache
def _all() -> tuple[_Rules, ...]:
    return tuple(_read(language) for language in LANGUAGES) + tuple(_read_elsewhere(code) for code in ELSEWHERE)


@cache
def _gates() -> _Gates:
    parts = [pattern for each in _all() for pattern in (*each.ask, *each.deny, *([each.other] if each.other else []))]
    return _Gates(rules.Gate(each.bare for each in _all() if each.bare), rules.Gate(parts))


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(rules.load(FILE)["vocabulary"])


@cache
def _begun() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"(?<!\w)(?:{pattern})$") for pattern in rules.load(FILE)["begun"].values())


def _read_elsewhere(language: str) -> _Rules:
    """Patterns are folded as the text is; where words stand without blanks they have no borders."""
    given = rules.load(FILE)["elsewhere"][language]
    compile_ = re.compile if language in UNSPACED else rules.bordered
    deny, ask = ([compile_(plain(pattern)) for pattern in given[kind]] for kind in ("deny", "ask"))
    bare = rules.bordered(plain(given["bare"])) if "bare" in given else None
    return _Rules(language, None, deny, ask, bare)


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
