"""Text as the rules read it: lower case, no accents, straight apostrophes, common misspellings mended."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "–": "-", "—": "-"})
_WORD = re.compile(r"[^\W\d_]+")
_SPACED_OUT = re.compile(r"(?<!\w)(?:[^\W\d_][ .*-]){3,}[^\W\d_](?!\w)")
_MASKED = re.compile(r"(?<![\w@$])(?=[\d@$]*[^\W\d_])(?:[^\W_]|[@$]|!(?=\w))+(?!\w)")
_MASKS = str.maketrans("013457@$!", "oieastasi")
_MASK = re.compile(r"[013457@$!]")
_LONG_RUN = re.compile(r"([^\W\d_])\1{2,}")
MENDED_FROM = 5
"""Shorter words are too easily another word."""


def plain(text: str) -> str:
    """`text` folded for matching; never shown to anybody."""
    folded = text.translate(_APOSTROPHES).casefold()
    kept = folded if folded.isascii() else _without_marks(folded)
    return " ".join(_LONG_RUN.sub(r"\1\1", kept).split())


def _without_marks(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return "".join(c for c in parts if unicodedata.category(c) not in {"Mn", "Cf"})


def unmasked(folded: str) -> str:
    """Folded text with spaced-out words closed up ("f r a u d") and signs for letters read as letters ("fr4ud").

    It may turn a product's number into nonsense, so rules look at it beside the text itself, never instead.
    """
    closed = _SPACED_OUT.sub(lambda match: re.sub(r"[ .*-]", "", match.group()), folded)
    if _MASK.search(closed) is None:
        return closed
    return _MASKED.sub(lambda match: match.group().translate(_MASKS), closed)


@lru_cache(maxsize=256)  # each rule file reads the same few texts of a turn
def readings(text: str) -> tuple[str, ...]:
    """`text` folded and, where that differs, unmasked too."""
    folded = plain(text)
    bare = unmasked(folded)
    return (folded,) if bare == folded else (folded, bare)


def mend(text: str, vocabulary: frozenset[str]) -> str:
    """`text` with each word that is one slip away from a word of `vocabulary` replaced by it.

    A slip is one letter added, left out, changed or swapped with its neighbour; first letters must agree.
    """
    return _WORD.sub(lambda match: _mended(match.group(), vocabulary), text)


@lru_cache(maxsize=4096)
def _mended(word: str, vocabulary: frozenset[str]) -> str:
    if len(word) < MENDED_FROM or word in vocabulary:
        return word
    near = sorted(known for known in vocabulary if known[0] == word[0] and is_one_slip(word, known))
    return near[0] if near else word


def is_one_slip(a: str, b: str) -> bool:
    """Whether `a` becomes `b` by at most one insertion, deletion, change or swap of neighbours."""
    if a == b:
        return True
    if abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if len(a) == len(b):
        swapped = a[start : start + 2] == b[start : start + 2][::-1] and a[start + 2 :] == b[start + 2 :]
        return swapped or a[start + 1 :] == b[start + 1 :]
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return longer[start + 1 :] == shorter[start:]
