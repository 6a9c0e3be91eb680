"""The terms of a text, as scikit-learn's vectorisers cut them, without loading that library. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORD = re.compile(r"(?u)\b\w+\b")


@dataclass(frozen=True, slots=True)
class Terms:
    """`kind` is `word` (runs of words) or `char_wb` (runs of signs within a word and its blanks)."""

    kind: str
    least: int
    most: int

    def __call__(self, text: str) -> Iterator[str]:
        return self._words(text) if self.kind == "word" else self._runs(text)

    def _words(self, text: str) -> Iterator[str]:
        words = _WORD.findall(text)
        for length in range(self.least, self.most + 1):
            for start in range(len(words) - length + 1):
                yield " ".join(words[start : start + length])

    def _runs(self, text: str) -> Iterator[str]:
        for word in text.split():
            padded = f" {word} "
            for length in range(self.least, self.most + 1):
                yield padded[:length]
                if length >= len(padded):
                    break  # shorter than a run: counted once
                for start in range(1, len(padded) - length + 1):
                    yield padded[start : start + length]
