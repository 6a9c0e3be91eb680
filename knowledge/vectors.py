"""What a text means, as PostgreSQL reads it. Without an encoder there are no vectors, and full text finds alone."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from supportdesk.encoder import place
from supportdesk.encoder.choice import Encoder, Silent, chosen

log = logging.getLogger(__name__)

WIDTH = 384
"""Of MiniLM's numbers the first: its last layer, which it was trained for. The others are for the reader of intents."""


def encoder() -> Encoder | None:
    return chosen()


def of(texts: Sequence[str], by: Encoder | None) -> list[str | None]:
    """A `halfvec` for each text; None for all where there is no encoder, or it is silent just now."""
    if by is None:
        return [None] * len(texts)
    try:
        rows = by.vectors(texts)
    except Silent as why:
        log.warning("articles are searched by words alone: %s", why)
        return [None] * len(texts)
    width = WIDTH if by.name == place.BUILD else rows.shape[1]
    return [written(row[:width]) for row in rows]


def written(row: Iterable[float]) -> str:
    return f"[{','.join(f'{number:.5f}' for number in row)}]"
