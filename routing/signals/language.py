"""Which of the desk's languages a turn is written in, by its smallest words. Too little to tell is None."""

from __future__ import annotations

import re
from functools import cache

from routing.signals import rules
from routing.signals.words import plain

LEAD = 2
"""The best language must have this many more of its words than the next, or twice as many."""

FILE = "language.toml"


def detect(text: str) -> str | None:
    """The language whose smallest words lead clearly, else None."""
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", plain(text))
    counted = sorted(((sum(w in known for w in words), code) for code, known in stopwords().items()), reverse=True)
    (best, code), (second, _) = counted[0], counted[1]
    if best >= 2 and (best - second >= LEAD or best >= 2 * second):
        return code
    return None


@cache
def stopwords() -> dict[str, frozenset[str]]:
    return {code: frozenset(words.split()) for code, words in rules.load(FILE).items()}
