"""Learning the wish for a person: kernel ridge regression over words, runs of signs and, where read, meaning. Pure.

One solve gives the weights and, in closed form, what a model without it would have made of each example (Allen's
PRESS, 1974): the held-out examples that bars follow from.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from routing.learning.heads import Floats
from routing.learning.terms import Terms
from routing.risk import Told
from routing.signals import human_request
from routing.signals.model import Part
from routing.signals.requests import Example, Requests
from routing.signals.words import plain

KINDS = (Terms("word", 1, 2), Terms("char_wb", 3, 4))
LEAST_TEXTS = 2
"""A term of fewer texts says nothing of others."""
SMOOTH = 1.0
MEANING = 1.0
"""How much the meaning counts beside the words."""
ASKING_EXPECTED = 0.1
"""Of a desk's messages so many are taken to ask for a person; the chance is made honest for that."""
MOST = 4_000
"""Examples that one solve takes: some seconds and 260 MB."""
STEPS = 30
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Head:
    """Two readers in one: column 0 of the weights by words alone, column 1 beside `meaning`."""

    parts: tuple[Part, ...]
    bias: Floats
    meaning: Floats | None = None

    def chance(self, said: str, vector: Any) -> float:
        """Of a folded text, and its vector where the encoder has read it."""
        scores = self.bias + sum(part.scores(said) for part in self.parts)
        score = scores[0] if vector is None or self.meaning is None else scores[1] + self.meaning @ vector
        return float(1 / (1 + np.exp(-score)))


@dataclass(frozen=True)
class Material:
    texts: list[str]
    asks: Bools
    is_hard: Bools
    is_ruled: Bools
    """What the rules find by themselves; they were written with the shipped wishes in view, so of those it says no."""

    def told(self, chance: Floats) -> Told:
        return Told(
            tuple(chance.round(3).tolist()), tuple(self.asks.tolist()), tuple(self.is_ruled.tolist()),
            tuple(self.is_hard.tolist()),
        )  # fmt: skip


def material(given: Iterable[Example]) -> Material:
    """Each text once, what is said last; of the ordinary ones that do not ask no more than there is room for."""
    once = list({plain(each.text): each for each in given}.values())
    spare = [n for n, each in enumerate(once) if not each.asks and not each.is_hard]
    left_out = set(spare[:: max(1, len(spare) // max(1, len(once) - MOST))]) if len(once) > MOST else set()
    kept = [each for n, each in enumerate(once) if n not in left_out][:MOST]
    texts = [each.text for each in kept]
    asks, is_hard = (np.array([getattr(each, name) for each in kept], bool) for name in ("asks", "is_hard"))
    return Material(texts, asks, is_hard, np.array([_finds(each) for each in kept], bool))


def _finds(each: Example) -> bool:
    return not (each.is_shipped and each.asks) and human_request.find(each.text) is not None


def learn(given: Material, vectors: Floats | None = None) -> tuple[Head, Told, Told | None]:
    """The readers, and how sure each was of examples left out: by words, and by meaning too where there are vectors."""
    parts, rows = _vectorised([plain(text) for text in given.texts])
    alike: Floats = sum((row @ row.T).toarray() for row in rows) + 1.0
    by_words, told = _solved(given, alike)
    weights, bias = [row.T @ by_words.pull for row in rows], [by_words.bias]
    if vectors is None or not vectors.shape[1]:
        columns = [np.stack([each, each], axis=1) for each in weights]
        return Head(_with(parts, columns), np.array(bias * 2)), told, None
    by_both, told_by_meaning = _solved(given, alike + MEANING * (vectors @ vectors.T))
    columns = [np.stack([each, row.T @ by_both.pull], axis=1) for each, row in zip(weights, rows, strict=True)]
    meaning = MEANING * (vectors.T @ by_both.pull)
    return Head(_with(parts, columns), np.array([*bias, by_both.bias]), meaning), told, told_by_meaning


@dataclass(frozen=True)
class _Solved:
    """How each example pulls a text that is like it, in the scale of the log odds."""

    pull: Floats
    bias: float


def _solved(given: Material, alike: Floats) -> tuple[_Solved, Told]:
    target = np.where(given.asks, 1.0, -1.0)
    half = np.where(given.asks, given.asks.mean(), 1 - given.asks.mean()) * 2
    inverse = np.linalg.inv(alike + SMOOTH * np.diag(half))  # each side weighs the same
    pull = inverse @ target
    left_out = target - pull / np.diag(inverse)
    scale, offset = _honest(left_out, given.asks)
    chance = 1 / (1 + np.exp(-(scale * left_out + offset)))
    pull = scale * pull
    return _Solved(pull.astype(np.float64), float(pull.sum() + offset)), given.told(chance)


def _honest(score: Floats, asks: Bools) -> tuple[float, float]:
    """Platt's scaling (1999) by Newton's method, weighted to ASKING_EXPECTED."""
    weight = np.where(asks, ASKING_EXPECTED / asks.mean(), (1 - ASKING_EXPECTED) / (1 - asks.mean()))
    seen, line = np.stack([score, np.ones(len(score))], axis=1), np.zeros(2)
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-(seen @ line)))
        slope = seen.T @ (weight * (asks - chance)) - 1e-3 * line
        bend = (seen * (weight * chance * (1 - chance))[:, None]).T @ seen + 1e-3 * np.eye(2)
        line = line + np.linalg.solve(bend, slope)
    return float(line[0]), float(line[1])


def _vectorised(said: Sequence[str]) -> tuple[list[Part], list[Any]]:
    """TF-IDF as routing.signals.model reads it: the parts without weights, and a sparse matrix of each."""
    from scipy.sparse import csr_matrix

    parts, rows = [], []
    for terms_of in KINDS:
        counted = [Counter(terms_of(text)) for text in said]
        among = Counter(term for each in counted for term in each)
        places = {term: n for n, term in enumerate(sorted(t for t, count in among.items() if count >= LEAST_TEXTS))}
        idf = np.log((1 + len(said)) / (1 + np.array([among[term] for term in places]))) + 1
        values, columns, ends = [], [], [0]
        for each in counted:
            known = [places[term] for term in each if term in places]
            value = (1 + np.log([each[term] for term in each if term in places])) * idf[known]
            values.append(value / (np.linalg.norm(value) or 1.0))
            columns.append(known)
            ends.append(ends[-1] + len(known))
        flat = np.concatenate(values), np.concatenate(columns).astype(np.intp), np.array(ends)
        rows.append(csr_matrix(flat, shape=(len(said), len(places))))
        parts.append(Part(terms_of, places, idf, np.zeros((len(places), 2), np.float32)))
    return parts, rows


def _with(parts: Sequence[Part], columns: Sequence[Floats]) -> tuple[Part, ...]:
    return tuple(replace(part, weights=each.astype(np.float32)) for part, each in zip(parts, columns, strict=True))


# --- Stored with a version of the desk's model ------------------------------------------------------------------------


def written(head: Head, told: Told, told_by_meaning: Told | None) -> bytes:
    """Arrays and JSON in one archive: nothing in it runs when it is opened."""
    arrays: dict[str, Any] = {"bias": head.bias}
    if head.meaning is not None:
        arrays["meaning"] = head.meaning.astype(np.float32)
    for number, part in enumerate(head.parts):
        arrays[f"terms_{number}"] = _bytes("\n".join(sorted(part.places, key=part.places.__getitem__)))
        arrays[f"idf_{number}"], arrays[f"weights_{number}"] = part.idf, part.weights.astype(np.float16)
    arrays["told"] = _bytes(json.dumps([told.columns(), told_by_meaning.columns() if told_by_meaning else None]))
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def opened(content: bytes) -> Requests:
    found = np.load(io.BytesIO(content), allow_pickle=False)
    parts = []
    for number, terms_of in enumerate(KINDS):
        places = {term: n for n, term in enumerate(found[f"terms_{number}"].tobytes().decode().split("\n"))}
        weights = found[f"weights_{number}"].astype(np.float32)
        parts.append(Part(terms_of, places, found[f"idf_{number}"], weights))
    head = Head(tuple(parts), found["bias"], found.get("meaning"))
    told, told_by_meaning = json.loads(found["told"].tobytes())
    version = "requests-" + hashlib.sha256(content).hexdigest()[:10]
    return Requests(version, head, Told.of(told), Told.of(told_by_meaning) if told_by_meaning else None)


def _bytes(text: str) -> Any:
    return np.frombuffer(text.encode(), np.uint8)
