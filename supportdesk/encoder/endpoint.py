"""An OpenAI-compatible embeddings endpoint as encoder: bounded in time and size, and left alone after a failure."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from supportdesk import outward
from supportdesk.encoder.choice import Silent
from supportdesk.encoder.graph_shape import Floats

TEXTS_AT_ONCE = 64
CHARS_MOST = 2_000
WIDTH_MOST = 4_096
BYTES_A_NUMBER = 32
HEAD_BYTES = 65_536
WITHIN_S = 1.0
"""A batch of turns waits so long at most."""
REST_S = 10.0
OK = 200


class Endpoint:
    """`url` is the API's base (`https://…/v1`)."""

    def __init__(self, url: str, model: str, key: str, within_s: float = WITHIN_S) -> None:
        self.name = f"endpoint/{model}"[:120]
        self._url, self._model, self._key, self._within_s = url.rstrip("/") + "/embeddings", model, key, within_s
        self._rests_until = 0.0

    def vectors(self, texts: Sequence[str]) -> Floats:
        """One row a text, of length sqrt(2), as the search in articles takes it (knowledge/vectors.py).

        Raises:
            Silent: no whole, sound answer in time, or it rests after a failure.
        """
        if time.monotonic() < self._rests_until:
            raise Silent("the embeddings endpoint failed a moment ago")
        try:
            found = [self._asked(texts[n : n + TEXTS_AT_ONCE]) for n in range(0, len(texts), TEXTS_AT_ONCE)]
            rows = np.concatenate(found)
        except (outward.NotAllowed, outward.NoAnswer, ValueError) as problem:
            self._rests_until = time.monotonic() + REST_S
            raise Silent(str(problem)) from None
        return rows

    def _asked(self, texts: Sequence[str]) -> Floats:
        given = {"model": self._model, "input": [text[:CHARS_MOST] for text in texts], "encoding_format": "float"}
        headers = {"Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        answer = outward.call(
            "POST", self._url, within_s=self._within_s, headers=headers, body=json.dumps(given).encode(),
            most_bytes=HEAD_BYTES + len(texts) * WIDTH_MOST * BYTES_A_NUMBER,
        )  # fmt: skip
        if answer.status != OK:
            raise ValueError(f"the embeddings endpoint answered {answer.status}")
        return sound(json.loads(answer.body), len(texts))


def sound(body: Any, count: int) -> Floats:
    """The vectors of an answer, in the order asked.

    Raises:
        ValueError: not one finite vector of the same width for each text.
    """
    try:
        rows = {int(each["index"]): each["embedding"] for each in body["data"]}
        ordered = [rows[n] for n in range(count)]
        found = np.array(ordered, np.float32)
    except (KeyError, TypeError, IndexError, OverflowError):
        raise ValueError("the embeddings endpoint's answer is not of the agreed form") from None
    if found.ndim != 2 or not 0 < found.shape[1] <= WIDTH_MOST or not np.isfinite(found).all():  # rows, columns
        raise ValueError("the embeddings endpoint's vectors are not usable")
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    if not lengths.all():
        raise ValueError("the embeddings endpoint sent an empty vector")
    unit: Floats = (found / lengths * math.sqrt(2)).astype(np.float32)
    return unit
