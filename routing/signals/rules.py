"""Reads the rule files of signals/data: named groups of patterns over folded text (routing.signals.words.plain)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@cache
def load(name: str) -> dict[str, Any]:
    """The TOML file `name` of signals/data."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def compiled(pattern: str, words: dict[str, str]) -> re.Pattern[str]:
    """`pattern` between word borders, its {name} replaced by the alternatives of `words`; blanks match any white space.

    Raises:
        KeyError: the pattern names a word that the file does not define.
    """
    spelled = re.sub(r"\{([a-z_]+)\}", lambda match: f"(?:{_spelled(words, match.group(1))})", pattern)
    return re.compile(rf"(?<!\w)(?:{spelled})(?!\w)")


def _spelled(words: dict[str, str], name: str) -> str:
    return re.sub(r"\{([a-z_]+)\}", lambda match: f"(?:{_spelled(words, match.group(1))})", words[name])
