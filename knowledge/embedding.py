"""Gives passages their vectors, in the background: those that have none, and all after the encoder has changed.

Until a passage has one, full text finds it. Killed at any point, the next run goes on; runs at once take other rows.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from knowledge import vectors
from knowledge.models import Passage
from supportdesk.encoder.choice import Encoder

BATCH = 32
"""Passages a transaction: their rows are locked for some 0.2 s."""
BATCHES = 10
"""A run; the worker has customers to answer."""


@dataclass(frozen=True, slots=True)
class Progress:
    encoder: str
    """Empty where there is none: then nothing is pending, and full text finds alone."""
    passages: int
    pending: int


def progress() -> Progress:
    by = vectors.encoder()
    behind = ~Q(encoder=by.name) if by else Q(pk__in=[])
    counted = Passage.objects.aggregate(passages=Count("pk"), pending=Count("pk", filter=behind))
    return Progress(by.name if by else "", **counted)


def embed(batches: int = BATCHES) -> int:
    """At most `batches` of what is pending; returns how many passages got a vector."""
    by, done = vectors.encoder(), 0
    for _ in range(batches if by else 0):
        some = _embed_some(by) if by else 0
        done += some
        if some < BATCH:
            break
    return done


@transaction.atomic
def _embed_some(by: Encoder) -> int:
    rows = list(_pending(by.name).select_for_update(skip_locked=True)[:BATCH])
    made = vectors.of([row.meaning() for row in rows], by)
    for row, vector in zip(rows, made, strict=True):
        if vector is not None:
            row.encoder, row.vector = by.name, vector
    Passage.objects.bulk_update([row for row in rows if row.encoder == by.name], ["encoder", "vector"])
    return sum(vector is not None for vector in made)


def _pending(encoder: str) -> QuerySet[Passage]:
    """As two ranges of the index: each finds nothing at once where nothing is pending."""
    return Passage.objects.filter(Q(encoder__lt=encoder) | Q(encoder__gt=encoder))
