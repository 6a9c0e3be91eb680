"""What a text means, as PostgreSQL reads it. Without an encoder there are no vectors, and full text finds alone."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from supportdesk.encoder import place
from supportdesk.encoder.choice import Encoder, Silent, chosen
from supportdesk.encoder.graph_shape import Floats

log = logging.getLogger(__name__)

WIDTH = 384
"""Of MiniLM's numbers the first: its last layer, which it was trained for. The others are for the reader of intents."""


ROOT_OF_TWO = 2**0.5
"""The length of an endpoint's vectors."""


def encoder() -> Encoder | None:
    return chosen()


def of(texts: Sequence[str], by: Encoder | None) -> list[str | None]:
    """A `halfvec` for each text; None for all where there is no encoder, or it is silent just now."""
    rows = read(texts, by)
    return [None] * len(texts) if rows is None else [written(row) for row in rows]


def read(texts: Sequence[str], by: Encoder | None) -> Floats | None:
    """One row a text, each of length 1: their products are cosines."""
    if by is None:
        return None
    try:
        rows = by.vectors(texts)
    except Silent as why:
        log.warning("articles are searched by words alone: %s", why)
        return None
    return rows[:, :WIDTH] if by.name == place.BUILD else rows / ROOT_OF_TWO


def written(row: Floats) -> str:
    """Four digits are as fine as 16 bits hold."""
    return str(row.astype(float).round(4).tolist())
