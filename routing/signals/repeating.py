"""Whether a customer says once more what he has said: the answer before did not help. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from routing.signals.words import plain

LEAST_WORDS = 3
"""Shorter texts are repeated by chance: "and now?"."""
ALIKE = 0.7
"""Shared words over all words of both (Jaccard)."""


def is_repeated(text: str, earlier: Sequence[str]) -> bool:
    words = _words(text)
    return len(words) >= LEAST_WORDS and any(_alike(words, _words(each)) >= ALIKE for each in earlier)


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", plain(text)))
