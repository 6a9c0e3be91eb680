"""Two readers of a text, one by its words and one by its meaning, and the mean of what they think. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from routing.learning import kernel
from routing.signals.words import plain

Floats = npt.NDArray[np.float64]
Names = npt.NDArray[np.str_]

FEW = 20
"""With fewer examples an intent than this, words are too rare to learn from: meaning is read alone."""
WORDS_STRICTNESS = 1.0
WORDS_SHARPNESS, MEANING_SHARPNESS = 4.0, 10.0
"""Turn the words' margins, mostly -1 to 1, and the meaning's scores, mostly 0 to 1, into chances."""
WORDS_WEIGHT = 0.15
"""What a margin of the words adds to a score of the meaning, before the two become chances."""


@dataclass(frozen=True)
class Read:
    """What the readers think of each text: chances (texts, intents)."""

    words: Floats
    meaning: Floats
    mean: Floats
    votes: Floats
    """The two highest scores of the meaning, uncut by any softmax: both low where nothing like it is known."""
    nearest: Floats
    """The cosine of the nearest example, and of the nearest one of the likeliest intent: (texts, 2)."""
    outside: Floats
    """The score of no intent; 0 where no examples of that were shown."""

    @property
    def best(self) -> npt.NDArray[np.intp]:
        best: npt.NDArray[np.intp] = self.mean.argmax(axis=1)
        return best


@dataclass(frozen=True)
class Heads:
    names: Names
    vectoriser: Any
    words: Any
    meaning: kernel.Kernel | None
    are_few: bool

    def read(self, texts: Sequence[str], vectors: Floats) -> Read:
        margins = decided(self.words, self.vectoriser.transform(folded(texts)))
        return understood(margins, self.meaning, vectors, are_few=self.are_few)


def understood(margins: Floats, meaning: kernel.Kernel | None, vectors: npt.NDArray[Any], *, are_few: bool) -> Read:
    """`margins` are what the words say: (texts, intents)."""
    words = softmax(WORDS_SHARPNESS * margins)
    if meaning is None:
        nothing = np.zeros((len(margins), 2))
        return Read(words, words, words, nothing, nothing, nothing[:, 0])
    scores, nearest, outside = meaning.read(vectors, beside=None if are_few else WORDS_WEIGHT * margins)
    both = scores if are_few else scores + WORDS_WEIGHT * margins
    votes = np.partition(scores, -2, axis=1)[:, -2:]
    return Read(words, softmax(MEANING_SHARPNESS * scores), softmax(MEANING_SHARPNESS * both), votes, nearest, outside)


def fit(texts: Sequence[str], intents: Names, vectors: Floats, outside: Floats | None = None) -> Heads:
    """`vectors` of width 0 say that there is no encoder; `outside` are those of texts that no intent answers."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union
    from sklearn.svm import LinearSVC

    names, counts = np.unique(intents, return_counts=True)
    vectoriser = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b"),  # noqa: S106  # a pattern
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
    )
    words = LinearSVC(C=WORDS_STRICTNESS).fit(vectoriser.fit_transform(folded(texts)), intents)
    beyond = vectors[:0] if outside is None else outside
    meaning = kernel.fit(vectors, np.searchsorted(names, intents), len(names), beyond) if vectors.shape[1] else None
    return Heads(names, vectoriser, words, meaning, bool(np.median(counts) < FEW))


def folded(texts: Sequence[str]) -> list[str]:
    return [plain(text) for text in texts]


def decided(head: Any, given: Any) -> Floats:
    """One column an intent, also where there are only two."""
    scores: Floats = head.decision_function(given)
    return np.column_stack([-scores, scores]) if scores.ndim == 1 else scores


def softmax(scores: Floats) -> Floats:
    powers: Floats = np.exp(scores - scores.max(axis=1, keepdims=True))
    powers /= powers.sum(axis=1, keepdims=True)
    return powers
