"""Whether a turn is mostly in a language outside the detector's, by its script or its smallest words. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache, lru_cache

from routing.signals import language, rules
from routing.signals.words import plain

FILE = "foreign.toml"
UNKNOWN = "und"
"""Foreign for sure, but which language cannot be told."""
READ_CHARS = 2_000
NAME_WORDS = 3
LEAST_UNSPACED = 5
"""Fewer signs than this, in scripts without blanks, may be a name."""
LEAST_CASELESS_WORDS = 3
LEAD = 2

SCRIPTS = {
    "CYRILLIC": "ru", "CJK": "zh", "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "ARABIC": "ar",
    "HEBREW": "he", "DEVANAGARI": "hi", "THAI": "th", "GREEK": "el",
}  # fmt: skip
UNSPACED = frozenset({"zh", "ja", "ko", "th"})
CASED = frozenset({"ru", "uk", "el"})
_SIGNS = re.compile(r"[?؟？;՞]")
_WORD = re.compile(r"[^\W\d_]+")


def find(text: str) -> str | None:
    """The language's code, UNKNOWN, or None: a language the desk detects, too little to tell, or just a name."""
    read = unicodedata.normalize("NFC", text[:READ_CHARS])
    counted = Counter(_script(c) for c in read if c.isalpha())
    latin = counted.pop("LATIN", 0)
    if not counted or sum(_weight(script) * n for script, n in counted.items()) < max(latin, 1):
        return _latin(read)
    code = _code(read, counted)
    return None if _may_be_a_name(read, code) else code


def codes() -> frozenset[str]:
    return frozenset({*SCRIPTS.values(), "uk", *_smallest_words()})


def _code(text: str, counted: Counter[str]) -> str:
    if counted["HIRAGANA"] + counted["KATAKANA"]:
        return "ja"
    code = SCRIPTS.get(counted.most_common(1)[0][0], UNKNOWN)
    return "uk" if code == "ru" and re.search("[іїєґІЇЄҐ]", text) else code


def _weight(script: str) -> int:
    """A sign that stands for a syllable or a word weighs more than a letter."""
    return 2 if SCRIPTS.get(script) in UNSPACED else 1


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split()[0].split("-")[0]


def _may_be_a_name(text: str, code: str) -> bool:
    if _SIGNS.search(text):
        return False
    if code in UNSPACED:
        return sum(c.isalpha() for c in text) < LEAST_UNSPACED
    words = _WORD.findall(text)
    if code in CASED:
        return _is_title(words)
    return len(text.split()) < LEAST_CASELESS_WORDS


def _is_title(words: list[str]) -> bool:
    return len(words) <= NAME_WORDS and all(word[0].isupper() for word in words)


def _latin(text: str) -> str | None:
    """Clearly another language: several of its words or letters, and hardly any of a language that is known."""
    words = _WORD.findall(text)
    if not words or (_is_title(words) and not _SIGNS.search(text)):
        return None
    folded = [plain(word) for word in words]
    known = max(sum(word in small for word in folded) for small in language.stopwords().values())
    letters = {code: frozenset(given["letters"]) for code, given in rules.load(FILE).items()}
    counted = {
        code: sum(
            plainly in small or not letters[code].isdisjoint(word.lower())
            for word, plainly in zip(words, folded, strict=True)
        )
        for code, small in _smallest_words().items()
    }
    code = max(counted, key=lambda each: counted[each])
    return code if counted[code] >= max(LEAD, known + LEAD, 2 * known) else None


@cache
def _smallest_words() -> dict[str, frozenset[str]]:
    return {code: frozenset(plain(word) for word in given["words"].split()) for code, given in rules.load(FILE).items()}
