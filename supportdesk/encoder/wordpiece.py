"""BERT's uncased tokenizer for one short text: basic splitting, then the longest known pieces. Pure.

The rules are those of Devlin et al.'s reference tokenizer; the vocabulary is the model's own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

WORD_CHARS = 100
"""A longer word is unknown as a whole."""
UNKNOWN, FIRST, LAST = "[UNK]", "[CLS]", "[SEP]"
_CJK = (
    (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WordPiece:
    pieces: Mapping[str, int]

    def ids(self, text: str, most: int) -> list[int]:
        """At most `most` numbers, the first and last being the marks of a text's ends."""
        known: list[int] = [self.pieces[FIRST]]
        for word in words(text):
            known += self._split(word)
            if len(known) >= most:
                break
        return [*known[: most - 1], self.pieces[LAST]]

    def _split(self, word: str) -> list[int]:
        whole = self.pieces.get(word)
        if whole is not None:
            return [whole]
        if len(word) > WORD_CHARS:
            return [self.pieces[UNKNOWN]]
        found, start = [], 0
        while start < len(word):
            end = next((n for n in range(len(word), start, -1) if _piece(word, start, n) in self.pieces), None)
            if end is None:
                return [self.pieces[UNKNOWN]]
            found.append(self.pieces[_piece(word, start, end)])
            start = end
        return found


def words(text: str) -> Iterator[str]:
    """Lower-case words without accents; every mark and every Chinese sign stands alone."""
    kept = []
    for sign in unicodedata.normalize("NFD", text.lower()):
        if sign.isascii() and sign.isalnum():
            kept.append(sign)
            continue
        category = unicodedata.category(sign)
        if category == "Mn" or sign == "�" or (category[0] == "C" and sign not in "\t\n\r"):
            continue
        kept.append(f" {sign} " if _stands_alone(sign, category) else sign)
    yield from "".join(kept).split()


def _stands_alone(sign: str, category: str) -> bool:
    return category[0] == "P" or (sign.isascii() and not sign.isspace()) or any(a <= ord(sign) <= b for a, b in _CJK)


def _piece(word: str, start: int, end: int) -> str:
    return word[start:end] if start == 0 else f"##{word[start:end]}"
