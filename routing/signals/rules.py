"""Reads the rule files of signals/data: named groups of patterns over folded text (routing.signals.words.plain)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import re2

DATA = Path(__file__).parent / "data"
LEFT, RIGHT = r"(?<!\w)(?:", r")(?!\w)"
"""A word's borders."""
GATE_BYTES = 16 << 20
"""What RE2 may remember of one part of a gate's states."""
GATE_CHARS = 12_000
"""Of patterns in one part: more, and RE2 gives up its states again and again."""
LOOK_AROUND = {"(?=", "(?!", "(?<=", "(?<!"}
_PIECE = re.compile(r"\\.|\[\^?\]?|\(\?<?[=!]|\(|.", re.DOTALL)


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


class Gate:
    """Says at once, of most texts, that no pattern of many can match: what passes is worth trying them one by one.

    Most texts are ASCII once folded. RE2 reads those once, however many patterns there are; it knows no look-around, so
    such conditions are left out.
    """

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        spelled = [each.pattern for each in patterns]
        options = re2.Options()
        options.max_mem = GATE_BYTES
        read = [f"(?:{_without_looking_around(each)})" for each in spelled if _may_be_ascii(each)]
        self._ascii = [re2.compile("|".join(part), options) for part in _parts(read)]
        inner = [each.removeprefix(LEFT).removesuffix(RIGHT) for each in spelled if each.startswith(LEFT)]
        others = [each for each in spelled if not each.startswith(LEFT)]
        self._any = re.compile("|".join([f"{LEFT}{'|'.join(inner)}{RIGHT}", *(f"(?:{each})" for each in others)]))

    def search(self, text: str) -> bool:
        patterns = self._ascii if text.isascii() else [self._any]
        return any(each.search(text) is not None for each in patterns)

    def fullmatch(self, text: str) -> bool:
        patterns = self._ascii if text.isascii() else [self._any]
        return any(each.fullmatch(text) is not None for each in patterns)


def _may_be_ascii(pattern: str) -> bool:
    """False for one in a script of its own: all its letters are outside ASCII."""
    letters = [sign for sign in re.sub(r"\\.", "", pattern.removeprefix(LEFT).removesuffix(RIGHT)) if sign.isalpha()]
    return not letters or any(sign.isascii() for sign in letters)


def _parts(patterns: Iterable[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for each in patterns:
        if parts[-1] and sum(map(len, parts[-1])) + len(each) > GATE_CHARS:
            parts.append([])
        parts[-1].append(each)
    return parts


def _without_looking_around(pattern: str) -> str:
    kept: list[str] = []
    depth, is_class = 0, False  # depth: inside how many parentheses of a condition
    for piece in _PIECE.findall(pattern):
        if depth:
            depth += 0 if is_class else piece.startswith("(") - (piece == ")")
        elif piece in LOOK_AROUND:
            depth = 1
        else:
            kept.append(piece)
        is_class = piece != "]" if is_class else piece.startswith("[")
    return "".join(kept)


def _spelled(words: dict[str, str], name: str) -> str:
    return re.sub(r"\{([a-z_]+)\}", lambda match: f"(?:{_spelled(words, match.group(1))})", words[name])
