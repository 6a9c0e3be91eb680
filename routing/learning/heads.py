"""Two readers of a text, one by its words and one by its meaning, and the mean of what they think. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from routing.signals.words import plain

Floats = npt.NDArray[np.float64]
Names = npt.NDArray[np.str_]

FEW = 20
"""With fewer examples an intent than this, words are too rare to learn from: meaning is read alone."""
WORDS_STRICTNESS, MEANING_STRICTNESS = 1.0, 30.0
SHARPNESS = 4.0
"""Turns the words' margins, mostly -1 to 1, into chances about as sure as the meaning's."""


@dataclass(frozen=True)
class Read:
    """What the readers think of each text: chances (texts, intents)."""

    words: Floats
    meaning: Floats
    mean: Floats
    nearest: Floats
    """The cosine of the nearest example, and of the nearest one of the likeliest intent: (texts, 2)."""

    @property
    def best(self) -> npt.NDArray[np.intp]:
        best: npt.NDArray[np.intp] = self.mean.argmax(axis=1)
        return best


@dataclass(frozen=True)
class Heads:
    names: Names
    vectoriser: Any
    words: Any
    meaning: Any
    known: Floats
    known_names: npt.NDArray[np.intp]
    are_few: bool

    def read(self, texts: Sequence[str], vectors: Floats) -> Read:
        words = softmax(SHARPNESS * decided(self.words, self.vectoriser.transform(folded(texts))))
        meaning = words
        if self.meaning is not None:
            meaning = softmax(decided(self.meaning, vectors))
        mean = meaning if self.are_few and self.meaning is not None else (words + meaning) / 2
        return Read(words, meaning, mean, self._nearest(vectors, mean.argmax(axis=1)))

    def _nearest(self, vectors: Floats, best: npt.NDArray[np.intp]) -> Floats:
        if self.meaning is None:
            return np.zeros((len(vectors), 2))
        found = []
        for start in range(0, len(vectors), 500):
            near = vectors[start : start + 500] @ self.known.T / 2
            same = np.where(self.known_names[None, :] == best[start : start + 500, None], near, -1.0)
            found.append(np.column_stack([near.max(axis=1), same.max(axis=1)]))
        return np.concatenate(found)


def fit(texts: Sequence[str], intents: Names, vectors: Floats) -> Heads:
    """`vectors` of width 0 say that there is no encoder."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_union
    from sklearn.svm import LinearSVC

    names, counts = np.unique(intents, return_counts=True)
    vectoriser = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b"),  # noqa: S106  # a pattern
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
    )
    words = LinearSVC(C=WORDS_STRICTNESS).fit(vectoriser.fit_transform(folded(texts)), intents)
    meaning = None
    if vectors.shape[1]:
        meaning = LogisticRegression(C=MEANING_STRICTNESS, max_iter=60, tol=1e-3).fit(vectors, intents)
    places = np.searchsorted(names, intents)
    return Heads(names, vectoriser, words, meaning, vectors, places, bool(np.median(counts) < FEW))


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
