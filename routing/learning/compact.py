"""What was learned, boiled down to arrays: reads one short text in a fraction of the library's time. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from routing.learning.gate import features
from routing.learning.heads import SHARPNESS, Heads, Names, Read, softmax
from routing.learning.terms import Terms
from routing.signals.model import Part

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Line:
    """A gate: the log-odds that the likeliest intent is right are `weights` x features + `bias`."""

    weights: Array
    bias: float

    def chance(self, read: Read) -> float:
        score = float(features(read)[0] @ self.weights) + self.bias
        return float(1 / (1 + np.exp(-score)))


@dataclass(frozen=True)
class Compact:
    names: Names
    parts: tuple[Part, ...]
    words_bias: Array
    meaning: Array
    """(width, intents); of width 0 where there was no encoder."""
    meaning_bias: Array
    known: Array
    known_names: Array
    are_few: bool
    gate: Line
    gate_of_words: Line
    """Where the encoder is silent."""
    encoder: str

    def find(self, text: str, vector: Array | None) -> tuple[str, float]:
        """The likeliest intent of a folded text, and the chance that it is right."""
        words = softmax(SHARPNESS * (self.words_bias + sum(part.scores(text) for part in self.parts))[None, :])
        if vector is None or not len(self.meaning):
            read = Read(words, words, words, np.zeros((1, 2)))
            return str(self.names[int(read.best[0])]), self.gate_of_words.chance(read)
        meaning = softmax((vector @ self.meaning + self.meaning_bias)[None, :].astype(np.float64))
        mean = meaning if self.are_few else (words + meaning) / 2
        best = int(mean.argmax())
        near = self.known @ vector / 2
        read = Read(words, meaning, mean, np.array([[near.max(), near[self.known_names == best].max()]]))
        return str(self.names[best]), self.gate.chance(read)


def boiled_down(heads: Heads, gate: Line, gate_of_words: Line, encoder: str) -> Compact:
    coefficients, bias = both(heads.words.coef_, heads.words.intercept_)
    parts, start = [], 0
    for _, vectoriser in heads.vectoriser.transformer_list:
        end = start + len(vectoriser.vocabulary_)
        weights = np.ascontiguousarray(coefficients[:, start:end].T, np.float32)
        least, most = vectoriser.ngram_range
        parts.append(Part(Terms(vectoriser.analyzer, least, most), vectoriser.vocabulary_, vectoriser.idf_, weights))
        start = end
    meaning, meaning_bias = np.zeros((0, len(heads.names))), np.zeros(len(heads.names))
    if heads.meaning is not None:
        matrix, meaning_bias = both(heads.meaning.coef_, heads.meaning.intercept_)
        meaning = matrix.T
    return Compact(
        heads.names, tuple(parts), bias, np.ascontiguousarray(meaning, np.float32), meaning_bias,
        np.ascontiguousarray(heads.known, np.float32), heads.known_names, heads.are_few, gate, gate_of_words, encoder,
    )  # fmt: skip


def both(coefficients: Array, bias: Array) -> tuple[Array, Array]:
    """One row an intent, also where there are only two."""
    if len(coefficients) > 1:
        return coefficients, bias
    return np.vstack([-coefficients, coefficients]), np.concatenate([-bias, bias])
