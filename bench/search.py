"""The search in articles at 10, 1,000 and 50,000 passages of one shop: by words alone, and by words and meaning.

`both` includes reading the question with the encoder, never the same question twice. `nearest, exact` and `nearest,
index` are the eight nearest vectors alone, without and with an HNSW index of pgvector; `recall` is the share of the
exact ones that the index finds. Passages are of made-up words, their vectors around as many centres as there are words.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import psutil
from django.db import connection

from bench.rows import Row, rank
from bench.stage import Stage
from chat.models import Inbox
from knowledge import vectors
from knowledge.models import Article
from knowledge.search import NEAR, Question, search_all
from supportdesk.encoder import place

SIZES = (10, 1_000, 50_000)
ASKED, WARM_UP = 200, 20
MEGABYTE = 1 << 20
SUBJECTS = (
    "lamp", "shade", "bulb", "table", "chair", "sofa", "order", "parcel", "courier", "invoice", "refund", "return",
    "voucher", "card", "payment", "warranty", "oak", "brass", "glass", "linen", "switch", "dimmer", "cable", "socket",
)  # fmt: skip
VERBS = ("arrives", "breaks", "flickers", "fits", "costs", "lasts", "ships", "moves", "hums", "bends", "fades")
AN_ARTICLE = 1_000
FILL = """
INSERT INTO knowledge_passage (article_id, position, title, heading, text, language, encoder, vector)
SELECT %s, n, 'Part ' || n, w.subject || ' ' || v.verb, w.subject || ' ' || v.verb || ' number ' || n, 'en', %s,
  l2_normalize(w.meaning + (
    SELECT array_agg((random() - 0.5) / 5)::vector(384)::halfvec FROM generate_series(1, 384 + n * 0)
  ))
FROM generate_series(1, %s) n
JOIN unnest(%s::int[], %s::text[], %s::text[]::halfvec[]) AS w(place, subject, meaning) ON w.place = n %% %s
JOIN unnest(%s::int[], %s::text[]) AS v(place, verb) ON v.place = n %% %s
"""
NEAREST = """
SELECT p.id FROM knowledge_passage p JOIN knowledge_article a ON a.id = p.article_id
WHERE a.inbox_id = %s AND a.status = 'published' AND p.language = 'en' AND p.encoder = %s
ORDER BY p.vector::halfvec(384) <=> %s::halfvec(384) LIMIT %s
"""

T = TypeVar("T")
Tell = Callable[[str], None]


def run(stage: Stage, report: Tell, rounds: int = 1) -> list[Row]:
    found: list[Row] = []
    dice = random.Random(1)
    before = psutil.Process().memory_info().rss
    vectors.of(["the first text loads the encoder"], vectors.encoder())
    report(f"  the encoder adds {(psutil.Process().memory_info().rss - before) // MEGABYTE} MB to a process")
    for size in SIZES:
        inbox = filled(size)
        for _ in range(rounds):
            rows = measured(inbox, size, dice)
        report("  " + "; ".join(f"{row.name}: p50 {row.p50_ms}, p95 {row.more['p95_ms']} ms" for row in rows))
        found += rows
        inbox.delete()
    return found


def filled(size: int) -> Inbox:
    inbox = Inbox.objects.create(name="bench search")
    meanings = vectors.of([f"my {subject}" for subject in SUBJECTS], vectors.encoder())
    subjects: list[Any] = [list(range(len(SUBJECTS))), list(SUBJECTS), meanings, len(SUBJECTS)]
    verbs: list[Any] = [list(range(len(VERBS))), list(VERBS), len(VERBS)]
    articles = Article.objects.bulk_create(
        Article(inbox=inbox, title="All", body="", slug=f"all-{n}", status=Article.Status.PUBLISHED)
        for n in range(0, size, AN_ARTICLE)
    )
    with connection.cursor() as cursor:
        for article in articles:
            cursor.execute(FILL, [article.pk, place.BUILD, min(size, AN_ARTICLE), *subjects, *verbs])
        cursor.execute("ANALYZE knowledge_passage")
    return inbox


def measured(inbox: Inbox, size: int, dice: random.Random) -> list[Row]:
    questions = [f"{asked(dice)} {n}" for n in range(ASKED + WARM_UP)]
    again = [f"{asked(dice)} again {n}" for n in range(ASKED + WARM_UP)]
    words = timed(questions, lambda text: search_all([Question(inbox.pk, text, "en")], 3, by_words=True))
    both = timed(again, lambda text: search_all([Question(inbox.pk, text, "en")], 3))
    meanings = vectors.of(questions, vectors.encoder())
    exact, exactly = nearest(inbox, meanings)
    with indexed() as seconds:
        near, nearly = nearest(inbox, meanings)
    kept = sum(len(set(one) & set(other)) for one, other in zip(exactly, nearly, strict=True))
    recall = kept / max(1, sum(map(len, exactly)))
    return [
        _row(f"words, {size} passages", words),
        _row(f"both, {size} passages", both),
        _row(f"nearest, exact, {size}", exact),
        _row(f"nearest, index, {size}", near, recall=round(recall, 3), built_s=round(seconds[0], 1)),
    ]


def nearest(inbox: Inbox, meanings: Sequence[str | None]) -> tuple[list[float], list[list[int]]]:
    found: list[list[int]] = []

    def ask(meaning: str | None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(NEAREST, [inbox.pk, place.BUILD, meaning, NEAR])
            found.append([row[0] for row in cursor.fetchall()])

    return timed(meanings, ask), found


@contextmanager
def indexed() -> Iterator[list[float]]:
    """An index for the block; yields the seconds it took to build."""
    with connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(
            "CREATE INDEX bench_near ON knowledge_passage USING hnsw ((vector::halfvec(384)) halfvec_cosine_ops)"
        )
        cursor.execute("SET enable_sort = off; SET hnsw.iterative_scan = relaxed_order")
        try:
            yield [time.perf_counter() - began]
        finally:
            cursor.execute("RESET enable_sort; RESET hnsw.iterative_scan; DROP INDEX bench_near")


def timed(given: Sequence[T], do: Callable[[T], object]) -> list[float]:
    """Milliseconds of each but the first WARM_UP, in order of size."""
    times = []
    for one in given:
        began = time.perf_counter()
        do(one)
        times.append(1000 * (time.perf_counter() - began))
    return sorted(times[WARM_UP:])


def asked(dice: random.Random) -> str:
    return f"why is it that my {dice.choice(SUBJECTS)} {dice.choice(VERBS)} beside the {dice.choice(SUBJECTS)}"


def _row(name: str, times: Sequence[float], **more: float) -> Row:
    p50, p95, p99 = (round(rank(times, share), 2) for share in (0.5, 0.95, 0.99))
    return Row(name, round(1000 * len(times) / sum(times), 1), "searches/s", p50, p99, 1, {"p95_ms": p95, **more})
