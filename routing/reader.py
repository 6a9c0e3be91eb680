"""A trained model with its encoder: reads a batch of texts, by words alone where the encoder is silent."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from routing.learning.compact import Compact
from routing.models import Example
from routing.risk import HeldOut
from routing.signals.intent import LEAST, READ_CHARS, Found, Intent
from routing.signals.requests import Requests, shipped
from routing.signals.words import plain
from supportdesk.encoder.choice import Encoder, Silent

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Trained:
    version: str
    model: Compact
    encoder: Encoder | None
    held_out: HeldOut | None = None
    own_requests: Requests | None = None
    """None: the version is older than they are."""

    @property
    def requests(self) -> Requests:
        return self.own_requests or shipped()

    def find(self, texts: Sequence[str]) -> list[Found]:
        cut = [text[:READ_CHARS] for text in texts]
        vectors = self._vectors(cut)
        is_by_words = bool(self.model.encoder) and vectors is None
        version = f"{self.version} words" if is_by_words else self.version
        found = [self._found(text, None if vectors is None else vectors[n], version) for n, text in enumerate(cut)]
        if vectors is None:
            return found
        return [replace(one, wish=self.requests.find(texts[n], vectors[n])) for n, one in enumerate(found)]

    def _found(self, text: str, vector: Any, version: str) -> Found:
        said = plain(text)
        if not any(c.isalpha() for c in said):
            return Found(None, None, version)
        name, right = self.model.find(said, vector)
        right = round(right, 3)
        is_known = right >= LEAST and name != Example.OUTSIDE
        return Found(Intent(name, right) if is_known else None, right, version)

    def _vectors(self, texts: Sequence[str]) -> Any:
        if self.encoder is None or not texts:
            return None
        try:
            found = self.encoder.vectors(texts)
        except Silent as why:
            log.warning("the encoder is silent, words alone are read: %s", why)
            return None
        if found.shape[1] != self.model.width:
            log.warning("the encoder's vectors have another width than in training: words alone are read")
            return None
        return found
