"""Kernel ridge regression on vectors: each example votes for its intent, the more the nearer it is. Pure.

A bounded number of examples, so that training takes seconds and reading a text a millisecond or two.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats32 = npt.NDArray[np.float32]
Floats64 = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

MOST = 10_000
"""Of more examples so many are drawn: the kernel of as many more would take gigabytes."""
OUTSIDE_MOST = MOST // 5
"""Of them so many may be examples of what no intent answers."""
NARROWNESS, RIDGE = 1.5, 0.1
"""Chosen on a third of Banking77's train file; neither matters much (docs/evaluation.md)."""
DIMENSIONS = 256
"""Of the standardised vectors the directions in which the examples differ most; fewer cost accuracy, more cost time."""
AT_ONCE = 500


@dataclass(frozen=True)
class Kernel:
    centre: Floats32
    turn: Floats32
    """Standardises and projects, in one: (width, DIMENSIONS at most)."""
    known: Floats32
    """The examples of the intents, then those of what no intent answers."""
    places: Places
    """The intent of each of the former."""
    votes: Floats32
    """One column an intent, and last that of no intent."""

    def read(
        self, vectors: npt.NDArray[np.floating], beside: npt.NDArray[np.floating] | None = None
    ) -> tuple[Floats64, Floats64, Floats64]:
        """Scores (texts, intents), about 1 for the intent and 0 for others; the cosine of the nearest example,
        and of the nearest one of the intent that is likeliest once `beside` is added: (texts, 2); and the score of
        no intent, 0 where nothing of the kind was shown."""
        parts = [
            self._read(vectors[n : n + AT_ONCE], None if beside is None else beside[n : n + AT_ONCE])
            for n in range(0, len(vectors), AT_ONCE)
        ]
        scores, nearest, outside = (np.concatenate(each).astype(np.float64) for each in zip(*parts, strict=True))
        return scores, nearest, outside

    def _read(
        self, vectors: npt.NDArray[np.floating], beside: npt.NDArray[np.floating] | None
    ) -> tuple[Floats32, Floats32, Floats32]:
        near = self.unit(vectors) @ self.known.T
        votes = closeness(near) @ self.votes
        scores, near = votes[:, :-1], near[:, : len(self.places)]
        best = (scores if beside is None else scores + beside).argmax(axis=1)
        same = np.where(self.places[None, :] == best[:, None], near, np.float32(-1))
        return scores, np.column_stack([near.max(axis=1), same.max(axis=1)]), votes[:, -1]

    def unit(self, vectors: npt.NDArray[np.floating]) -> Floats32:
        return unit((vectors.astype(np.float32) - self.centre) @ self.turn)


def fit(vectors: npt.NDArray[np.floating], places: Places, intents: int, outside: npt.NDArray[np.floating]) -> Kernel:
    """`outside`: vectors of what no intent answers, perhaps none."""
    from scipy.linalg import cho_factor, cho_solve

    beyond = outside[drawn(len(outside), OUTSIDE_MOST)].astype(np.float32)
    rows = drawn(len(vectors), MOST - len(beyond))
    given, places = vectors[rows].astype(np.float32), places[rows]
    centre, turn = directions(given)
    known = unit((np.concatenate([given, beyond]) - centre) @ turn)
    wanted = np.zeros((len(known), intents + 1), np.float32)
    wanted[np.arange(len(given)), places] = 1
    wanted[len(given) :, -1] = 1
    kernel = closeness(known @ known.T)
    kernel[np.diag_indices(len(kernel))] += np.float32(RIDGE)
    factor = cho_factor(kernel, lower=True, overwrite_a=True, check_finite=False)
    votes = np.ascontiguousarray(cho_solve(factor, wanted, check_finite=False), dtype=np.float32)
    return Kernel(centre, turn, known, places, votes)


def drawn(count: int, most: int) -> Places:
    return np.sort(np.random.default_rng(0).permutation(count)[:most])


def directions(given: Floats32) -> tuple[Floats32, Floats32]:
    """The centre, and the matrix that standardises and turns towards where the examples differ most."""
    centre, spread = given.mean(axis=0), given.std(axis=0) + np.float32(1e-6)
    standard = (given - centre) / spread
    _, turned = np.linalg.eigh(standard.T @ standard)  # the greatest come last
    turn: Floats32 = np.ascontiguousarray(turned[:, -DIMENSIONS:] / spread[:, None], dtype=np.float32)
    return centre.astype(np.float32), turn


def unit(vectors: npt.NDArray[np.floating]) -> Floats32:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    made: Floats32 = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return made


def closeness(cosines: Floats32) -> Floats32:
    close: Floats32 = np.exp(np.float32(NARROWNESS) * (cosines - np.float32(1)))
    return close
