"""What the search in articles is worth on questions of known answer: by words, by meaning and by both.

Questions come as CSV (split, language, question, slug; no slug: no article answers it). `fit` questions give weights,
`test` ones give figures. A language the shop has no articles in is looked up in the shop's own, as in a turn.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.models import Article
from knowledge.search import Hit, Question, search_all
from knowledge.support import Weights
from routing.learning.evaluation import BadFile
from routing.learning.figures import auroc, figure, share

COLUMNS = {"split", "language", "question", "slug"}
DEEP = 20
"""So many hits of a question are looked at; one further down counts as not found."""
STEPS = 6


@dataclass(frozen=True, slots=True)
class Asked:
    question: str
    language: str
    slug: str
    hits: Sequence[Hit]
    by_words: Sequence[Hit]
    took_ms: float

    def place(self, hits: Sequence[Hit]) -> float:
        """Of the article that answers, from 1; infinite where it is not among the hits."""
        slugs = list(dict.fromkeys(hit.slug for hit in hits))
        return slugs.index(self.slug) + 1 if self.slug in slugs else float("inf")

    def by_meaning(self) -> list[Hit]:
        return sorted((hit for hit in self.hits if hit.cosine is not None), key=lambda hit: -(hit.cosine or 0))


ORDERS: dict[str, Callable[[Asked], Sequence[Hit]]] = {
    "words": lambda asked: asked.by_words,
    "meaning": Asked.by_meaning,
    "both": lambda asked: asked.hits,
}


def read(path: Path, split: str) -> list[tuple[str, str, str]]:
    """(language, question, slug) of each question of the split.

    Raises:
        BadFile: a column is missing, or the split is empty.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not set(rows.fieldnames or ()) >= COLUMNS:
            raise BadFile(f"{path}: needs the columns {', '.join(sorted(COLUMNS))}")
        found = [(row["language"], row["question"], row["slug"]) for row in rows if row["split"] == split]
    if not found:
        raise BadFile(f"{path}: no question of the split {split}")
    return found


def ask(inbox_id: int, questions: Sequence[tuple[str, str, str]], own_language: str) -> list[Asked]:
    """Each alone, as a turn would; the time is that of the search by both."""
    spoken = set(Article.objects.filter(inbox_id=inbox_id, status="published").values_list("language", flat=True))
    asked = []
    for language, text, slug in questions:
        question = Question(inbox_id, text, language if language in spoken else own_language)
        began = time.perf_counter()
        (hits,) = search_all([question], DEEP)
        took_ms = 1000 * (time.perf_counter() - began)
        (by_words,) = search_all([question], DEEP, by_words=True)
        asked.append(Asked(text, language, slug, hits, by_words, took_ms))
    return asked


def figures(asked: Sequence[Asked], floor: float) -> dict[str, dict[str, float]]:
    """`both_en_recall_1` and the like; then how well support tells questions with an answer from those without."""
    found: dict[str, dict[str, float]] = {}
    for language in ("all", *sorted({each.language for each in asked})):
        some = [each for each in asked if language in ("all", each.language)]
        for name, order in ORDERS.items():
            found |= _finding([each for each in some if each.slug], order, f"{name}_{language}")
            if name != "meaning" and 0 < sum(bool(each.slug) for each in some) < len(some):
                found |= _supporting(some, order, floor, f"{name}_{language}")
    times = np.array([each.took_ms for each in asked])
    found["search_ms_p50"] = figure(len(times), lambda rows: float(np.percentile(times[rows], 50)))
    found["search_ms_p95"] = figure(len(times), lambda rows: float(np.percentile(times[rows], 95)))
    return found


def _finding(asked: Sequence[Asked], order: Callable[[Asked], Sequence[Hit]], name: str) -> dict[str, dict[str, float]]:
    if not asked:
        return {}
    places = np.array([each.place(order(each)) for each in asked])
    return {
        f"{name}_recall_1": figure(len(places), lambda rows: float((places[rows] <= 1).mean())),
        f"{name}_recall_3": figure(len(places), lambda rows: float((places[rows] <= 3).mean())),
        f"{name}_mrr": figure(len(places), lambda rows: float((1 / places[rows]).mean())),
    }


def _supporting(
    asked: Sequence[Asked], order: Callable[[Asked], Sequence[Hit]], floor: float, name: str
) -> dict[str, dict[str, float]]:
    best = [next(iter(order(each)), None) for each in asked]
    support = np.array([hit.score if hit else 0.0 for hit in best])
    has_answer = np.array([bool(each.slug) for each in asked])
    right = np.array(
        [hit is not None and bool(each.slug) and hit.slug == each.slug for each, hit in zip(asked, best, strict=True)]
    )
    kept = support >= floor
    wrong = (
        {f"{name}_wrong_among_answered": figure(len(asked), lambda rows: share(~right[rows], kept[rows]))}
        if kept.any()
        else {}
    )
    return wrong | {
        f"{name}_auroc_answerable": figure(len(asked), lambda rows: auroc(support[rows], has_answer[rows])),
        f"{name}_answered": figure(len(asked), lambda rows: share(kept[rows], has_answer[rows])),
        f"{name}_answered_without": figure(len(asked), lambda rows: share(kept[rows], ~has_answer[rows])),
    }


def fitted(asked: Sequence[Asked]) -> Weights:
    """Learned on each question's best hit, which depends on the weights: a few rounds settle it.

    Raises:
        BadFile: all best hits are right, or all wrong.
    """
    from sklearn.linear_model import LogisticRegression

    weights = Weights(0.0, 1.0, 4.0)
    for _ in range(STEPS):
        best = [(each, _best(each, weights)) for each in asked]
        seen = np.array([[hit.share, hit.cosine or 0.0] for _, hit in best if hit])
        right = np.array([hit.slug == each.slug for each, hit in best if hit])
        if right.all() or not right.any():
            raise BadFile("the questions to fit on need right and wrong hits")
        model = LogisticRegression(C=10).fit(seen, right)
        weights = Weights(float(model.intercept_[0]), *(float(number) for number in model.coef_[0]))
    return weights


def _best(asked: Asked, weights: Weights) -> Hit | None:
    return max(
        asked.hits, key=lambda hit: weights.share * hit.share + weights.cosine * (hit.cosine or 0.0), default=None
    )
