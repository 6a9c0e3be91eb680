"""A learned model as bytes: numpy arrays and JSON in one archive, nothing that runs when it is opened."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any

import numpy as np

from routing.learning.compact import Array, Compact, Line
from routing.learning.kernel import Kernel
from routing.learning.terms import Terms
from routing.signals.model import Part

FORMAT = 3
HALVED = ("known", "votes")
"""Of a kernel's arrays those that grow with the examples: sixteen bits are enough."""


class Damaged(Exception):
    """The bytes are not the ones that were stored, or of a format this release does not read."""


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def written(model: Compact) -> bytes:
    arrays: dict[str, Array] = {"names": model.names, "words_bias": model.words_bias}
    if model.meaning:
        arrays |= {name: getattr(model.meaning, name) for name in ("centre", "turn", "places")}
        arrays |= {name: getattr(model.meaning, name).astype(np.float16) for name in HALVED}
    for name, gate in (("gate", model.gate), ("gate_of_words", model.gate_of_words)):
        arrays[name] = np.append(gate.weights, gate.bias)
    cuts = []
    for number, part in enumerate(model.parts):
        terms = part.terms_of
        assert isinstance(terms, Terms)
        cuts.append([terms.kind, terms.least, terms.most])
        in_order = sorted(part.places, key=part.places.__getitem__)
        arrays[f"terms_{number}"] = _bytes("\n".join(in_order))  # folded text holds no line break
        arrays[f"idf_{number}"], arrays[f"weights_{number}"] = part.idf, part.weights.astype(np.float16)
    about = {"format": FORMAT, "encoder": model.encoder, "are_few": model.are_few, "terms": cuts}
    arrays["about"] = _bytes(json.dumps(about))
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]  # the stubs take the names for allow_pickle
    return out.getvalue()


def opened(content: bytes, sha256: str) -> Compact:
    """The model in `content`.

    Raises:
        Damaged: it is not what `sha256` names, or its format is unknown.
    """
    if sha256_of(content) != sha256:
        raise Damaged("the stored model is damaged: train again, or promote another version")
    found = np.load(io.BytesIO(content), allow_pickle=False)
    about = json.loads(found["about"].tobytes())
    if about["format"] != FORMAT:
        raise Damaged(f"format {about['format']} is not read by this release: train again")
    parts = []
    for number, (kind, least, most) in enumerate(about["terms"]):
        places = {term: n for n, term in enumerate(found[f"terms_{number}"].tobytes().decode().split("\n"))}
        weights = found[f"weights_{number}"].astype(np.float32)
        parts.append(Part(Terms(kind, least, most), places, found[f"idf_{number}"], weights))
    return Compact(
        found["names"], tuple(parts), found["words_bias"], _kernel(found), about["are_few"], _line(found["gate"]),
        _line(found["gate_of_words"]), about["encoder"],
    )  # fmt: skip


def _kernel(found: Any) -> Kernel | None:
    if "known" not in found:
        return None
    known, votes = (found[name].astype(np.float32) for name in HALVED)
    return Kernel(found["centre"], found["turn"], known, found["places"], votes)


def _bytes(text: str) -> Array:
    return np.frombuffer(text.encode(), np.uint8)


def _line(numbers: Array) -> Line:
    return Line(numbers[:-1], float(numbers[-1]))
