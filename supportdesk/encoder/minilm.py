"""MiniLM on this machine: one thread, loaded with the first text, so that processes which read none pay nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from supportdesk.encoder import place
from supportdesk.encoder.choice import Silent
from supportdesk.encoder.graph_shape import LAYERS, WIDTH, Floats
from supportdesk.encoder.wordpiece import WordPiece

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

TOKENS_MOST = 128
SHOWN = (LAYERS - 1, LAYERS - 2, LAYERS - 3)
"""Of the layers' means the last, which MiniLM was trained for, and the two before it."""
REMEMBERED = 500
"""Texts: a turn is read for its intent and looked up in the articles, perhaps in two languages. 5 KB each."""

_loading = Lock()


class NotThere(Silent):
    """The encoder has not been built, or its file is not the one that was."""


class MiniLM:
    name = place.BUILD
    width = len(SHOWN) * WIDTH

    def vectors(self, texts: Sequence[str]) -> Floats:
        """One row a text, each layer's part at unit length.

        Raises:
            NotThere: run `make build`.
        """
        return np.stack([_vector(text) for text in texts]) if texts else np.zeros((0, self.width), np.float32)


@lru_cache(REMEMBERED)
def _vector(text: str) -> Floats:
    with _loading:  # threads that arrive together load it once
        session, tokenizer = _loaded()
    ids = np.array([tokenizer.ids(text, TOKENS_MOST)], np.int64)
    means = session.run(None, {"ids": ids})[0].reshape(LAYERS, WIDTH)[list(SHOWN)]
    unit: Floats = (means / np.linalg.norm(means, axis=1, keepdims=True)).ravel()
    unit.flags.writeable = False
    return unit


@cache
def _loaded() -> tuple[InferenceSession, WordPiece]:
    import onnxruntime  # a tenth of a second and 40 MB

    if not place.is_built():
        raise NotThere("the encoder is not built: run `make build`")
    content = place.GRAPH.read_bytes()
    if hashlib.sha256(content).hexdigest() != place.MARK.read_text():
        raise NotThere(f"{place.GRAPH} is damaged: remove {place.FOLDER} and run `make build`")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # two threads made the slow ones slower
    options.enable_cpu_mem_arena = False
    lines = place.VOCABULARY.read_text(encoding="utf-8").splitlines()
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    return session, WordPiece({piece: number for number, piece in enumerate(lines)})
