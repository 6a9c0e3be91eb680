"""Reads the rule files of signals/data: named groups of patterns over folded text (routing.signals.words.plain)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
LEFT, RIGHT = r"(?<!\w)(?:", r")(?!\w)"
"""A word's borders."""


@cache
def load(name: str) -> dict[str, Any]:
    """The TOML file `name` of signals/data."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def compiled(pattern: str, words: dict[str, str]) -> re.Pattern[str]:
    """`pattern` between word borders, its {name} replaced by the alternatives of `words`; blanks match any white space.

    Raises:
        KeyError: the pattern names a word that the file does not define.
    """
    return bordered(re.sub(r"\{([a-z_]+)\}", lambda match: f"(?:{_spelled(words, match.group(1))})", pattern))


def bordered(pattern: str) -> re.Pattern[str]:
    return re.compile(f"{LEFT}{pattern}{RIGHT}")


def any_of(patterns: Iterable[re.Pattern[str]]) -> re.Pattern[str]:
    """Matches somewhere exactly where one of them does: one search instead of a hundred, which mostly finds nothing.

    Word borders are looked for once a place, not once a pattern.
    """
    spelled = [each.pattern for each in patterns]
    inner = [each.removeprefix(LEFT).removesuffix(RIGHT) for each in spelled if each.startswith(LEFT)]
    others = [each for each in spelled if not each.startswith(LEFT)]
    return re.compile("|".join([f"{LEFT}{'|'.join(inner)}{RIGHT}", *(f"(?:{each})" for each in others)]))


def _spelled(words: dict[str, str], name: str) -> str:
    return re.sub(r"\{([a-z_]+)\}", lambda match: f"(?:{_spelled(words, match.group(1))})", words[name])
