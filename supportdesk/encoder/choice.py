"""Which encoder this desk reads with, by the settings; None: it reads by words alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from django.conf import settings

from supportdesk.encoder import place
from supportdesk.encoder.graph_shape import Floats

KINDS = ("minilm", "endpoint", "none")


class Silent(Exception):
    """The encoder gave no vectors; the text says why. Words alone must do."""


class Encoder(Protocol):
    @property
    def name(self) -> str:
        """A model trained with one is not read with another."""

    def vectors(self, texts: Sequence[str]) -> Floats:
        """One row a text.

        Raises:
            Silent: not now.
        """


def chosen() -> Encoder | None:
    """Loads nothing yet."""
    if settings.ENCODER == "endpoint":
        return _endpoint(settings.ENCODER_URL, settings.ENCODER_MODEL, settings.ENCODER_KEY)
    if settings.ENCODER == "minilm" and place.is_built():
        from supportdesk.encoder.minilm import MiniLM

        return MiniLM()
    return None


@lru_cache(1)
def _endpoint(url: str, model: str, key: str) -> Encoder:
    """One a process, so that all who ask it leave it alone after a failure."""
    from supportdesk.encoder.endpoint import Endpoint

    return Endpoint(url, model, key)
