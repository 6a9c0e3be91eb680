"""From what a passage shares with a question to the chance that it answers: two numbers in, one out. Pure.

Logistic regression on the share of the question's words that the passage has (knowledge.search) and on the cosine of
their vectors, fitted on the `fit` half of demo/questions.csv; the other half measures it. An encoder that nobody has
calibrated helps to find, and the share alone says how well.
"""

from __future__ import annotations

from dataclasses import dataclass

from supportdesk.encoder import place


@dataclass(frozen=True, slots=True)
class Weights:
    base: float
    share: float
    cosine: float


ENGLISH = Weights(-2.28, 2.30, 5.29)
OTHER = Weights(-2.08, 5.41, 0.70)
"""MiniLM knows English: of other languages it says little, and words say more. Fitted on German."""


def weights(encoder: str, language: str) -> Weights | None:
    if encoder != place.BUILD:
        return None
    return ENGLISH if language == "en" else OTHER
