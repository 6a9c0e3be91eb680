"""A trained text classifier, boiled down to what one short text needs: a twentieth of the library's own way.

The formulas are scikit-learn's: TF-IDF with 1 + ln(tf), each union part at unit length, then softmax(W x + b).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import Pipeline

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """One vectoriser: its terms' places, their inverse document frequencies, and a weight for each (term, class)."""

    terms_of: Callable[[str], Iterable[str]]
    places: dict[str, int]
    idf: Floats
    weights: npt.NDArray[Any]

    def scores(self, text: str) -> Floats | float:
        counted = Counter(place for term in self.terms_of(text) if (place := self.places.get(term)) is not None)
        if not counted:
            return 0.0
        found = np.fromiter(counted, np.intp, len(counted))
        values = (1.0 + np.log(np.fromiter(counted.values(), np.float64, len(counted)))) * self.idf[found]
        scored: Floats = (values / np.sqrt(values @ values)) @ self.weights[found]
        return scored


@dataclass(frozen=True, slots=True)
class Model:
    names: tuple[str, ...]
    parts: tuple[Part, ...]
    bias: Floats

    @classmethod
    def of(cls, trained: Pipeline) -> Model:
        """From a fitted pipeline of a union of TF-IDF vectorisers and a multinomial logistic regression."""
        union, chooser = trained[0], trained[-1]
        parts, start = [], 0
        for _, vectoriser in union.transformer_list:
            end = start + len(vectoriser.vocabulary_)
            parts.append(_part(vectoriser, chooser.coef_[:, start:end]))
            start = end
        return cls(tuple(map(str, chooser.classes_)), tuple(parts), chooser.intercept_)

    def chances(self, text: str) -> dict[str, float]:
        """Each class's probability."""
        scores = self.bias + sum(part.scores(text) for part in self.parts)
        powers = np.exp(scores - scores.max())
        return dict(zip(self.names, (powers / powers.sum()).tolist(), strict=True))


def _part(vectoriser: TfidfVectorizer, coefficients: Floats) -> Part:
    return Part(
        vectoriser.build_analyzer(), vectoriser.vocabulary_, vectoriser.idf_, np.ascontiguousarray(coefficients.T)
    )
