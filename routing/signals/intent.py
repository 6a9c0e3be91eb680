"""What the customer wants: a small classifier trained, once a process, from the examples of data/intents.toml.

It reads until the desk promotes a model of its own (routing.live).

TF-IDF over words and character runs with logistic regression. The same file and library give the same model;
`version()` names both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from routing.risk import HeldOut
from routing.signals import rules
from routing.signals.words import plain

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

    from routing.signals.model import Model
    from routing.signals.requests import Requests, Wish

FILE = "intents.toml"
LEAST = 0.3
"""Below this confidence the intent is unknown: with some twenty intents, an even guess would be 0.05."""
READ_CHARS = 2_000
STRICTNESS = 10.0
"""Logistic regression's C: with it, four of five guesses above LEAST are right for examples it was not shown."""

_training = Lock()


@dataclass(frozen=True, slots=True)
class Intent:
    """`confidence`: a promoted model's chance, made honest, that this is right; the shipped one's bare probability."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader makes of one text."""

    intent: Intent | None
    right: float | None
    """The chance that the likeliest intent is right, even where that names none; None where no gate says."""
    model: str
    """The version that read it, and how."""
    wish: Wish | None = None
    """For a person, as the model beside the rules sees it; None where the reader leaves that to others."""


class Reader(Protocol):
    @property
    def version(self) -> str: ...

    @property
    def held_out(self) -> HeldOut | None:
        """How sure it was of what it had not seen; None where nothing is known of it."""

    @property
    def requests(self) -> Requests:
        """What reads whether a person is asked for, beside the rules."""

    def find(self, texts: Sequence[str]) -> list[Found]:
        """One for each text, all by the same version."""


class Shipped:
    """The reader of the shipped examples."""

    held_out = None

    @property
    def version(self) -> str:
        return version()

    @property
    def requests(self) -> Requests:
        from routing.signals import requests

        return requests.shipped()

    def find(self, texts: Sequence[str]) -> list[Found]:
        return [Found(find(text), None, version()) for text in texts]


SHIPPED = Shipped()


def find(text: str) -> Intent | None:
    """The likeliest intent and its probability; None for an unknown one."""
    said = plain(text[:READ_CHARS])
    if not any(c.isalpha() for c in said):
        return None
    chances = _model().chances(said)
    name = max(chances, key=lambda each: chances[each])
    confidence = round(chances[name], 3)
    return Intent(name, confidence) if confidence >= LEAST else None


def names() -> tuple[str, ...]:
    return tuple(rules.load(FILE))


@cache
def version() -> str:
    """Names data, settings and library: another version may answer otherwise."""
    from sklearn import __version__ as library  # the web processes never need it

    settings = f"{library}/{LEAST}/{STRICTNESS}".encode()
    return "intents-" + hashlib.sha256((rules.DATA / FILE).read_bytes() + settings).hexdigest()[:10]


def _model() -> Model:
    with _training:  # threads that arrive together train it once
        return _trained()


@cache
def _trained() -> Model:
    from routing.signals.model import Model  # numpy: the web processes never need it

    return Model.of(build().fit(*examples()))


def examples() -> tuple[list[str], list[str]]:
    """The folded texts and, in the same order, their intents."""
    pairs = [(plain(example), name) for name, given in rules.load(FILE).items() for example in given["examples"]]
    return [text for text, _ in pairs], [name for _, name in pairs]


def build() -> Pipeline:
    """The untrained model."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # half a second to import
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    runs = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True)
    # saga to a coarse tolerance trains in a tenth of a second; lbfgs took three for the same answers.
    chooser = LogisticRegression(C=STRICTNESS, solver="saga", tol=1e-2, max_iter=50, random_state=0)
    return make_pipeline(make_union(words, runs), chooser)
