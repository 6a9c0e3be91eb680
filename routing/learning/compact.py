"""What was learned, boiled down to arrays: reads one short text in a fraction of the library's time. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from routing.learning.gate import chance_of, features
from routing.learning.heads import Heads, Names, Read, understood
from routing.learning.kernel import Kernel
from routing.learning.terms import Terms
from routing.signals.model import Part

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Line:
    """A gate: the log-odds that the likeliest intent is right are `weights` x features + `bias`."""

    weights: Array
    bias: float

    def chance(self, read: Read) -> float:
        return float(chance_of(features(read) @ self.weights + self.bias)[0])


@dataclass(frozen=True)
class Compact:
    names: Names
    parts: tuple[Part, ...]
    words_bias: Array
    meaning: Kernel | None
    """None where there was no encoder."""
    are_few: bool
    gate: Line
    gate_of_words: Line
    """Where the encoder is silent."""
    encoder: str

    @property
    def width(self) -> int:
        """Of the vectors it was taught with."""
        return len(self.meaning.turn) if self.meaning else 0

    def find(self, text: str, vector: Array | None) -> tuple[str, float]:
        """The likeliest intent of a folded text, and the chance that it is right."""
        margins = (self.words_bias + sum(part.scores(text) for part in self.parts))[None, :]
        if vector is None or self.meaning is None:
            read, gate = understood(margins, None, margins, are_few=False), self.gate_of_words
        else:
            read, gate = understood(margins, self.meaning, vector[None, :], are_few=self.are_few), self.gate
        return str(self.names[int(read.best[0])]), gate.chance(read)


def boiled_down(heads: Heads, gate: Line, gate_of_words: Line, encoder: str) -> Compact:
    coefficients, bias = both(heads.words.coef_, heads.words.intercept_)
    parts, start = [], 0
    for _, vectoriser in heads.vectoriser.transformer_list:
        end = start + len(vectoriser.vocabulary_)
        weights = np.ascontiguousarray(coefficients[:, start:end].T, np.float32)
        least, most = vectoriser.ngram_range
        parts.append(Part(Terms(vectoriser.analyzer, least, most), vectoriser.vocabulary_, vectoriser.idf_, weights))
        start = end
    return Compact(heads.names, tuple(parts), bias, heads.meaning, heads.are_few, gate, gate_of_words, encoder)


def both(coefficients: Array, bias: Array) -> tuple[Array, Array]:
    """One row an intent, also where there are only two."""
    if len(coefficients) > 1:
        return coefficients, bias
    return np.vstack([-coefficients, coefficients]), np.concatenate([-bias, bias])
