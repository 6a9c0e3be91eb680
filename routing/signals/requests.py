"""The chance that a message asks for a person: a model beside the rules of human_request, in whatever words.

It is learnt once a process from data/requests.toml, or comes with the desk's promoted model, which has read the
desk's own examples, too. It reads words and runs of signs, and the meaning where the encoder has read the text anyway.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from routing.risk import NEVER, Told
from routing.signals import human_request, intent, rules
from routing.signals.words import plain

if TYPE_CHECKING:
    from routing.learning.wishes import Head

FILE = "requests.toml"
BY_WORDS, BY_MEANING = "", " with meaning"
_learning = Lock()


@dataclass(frozen=True, slots=True)
class Wish:
    """What the model makes of one message; `model` names its version, and whether the meaning was read."""

    chance: float
    model: str


@dataclass(frozen=True, eq=False)
class Requests:
    """A learnt model. `told` and `told_by_meaning`: how sure it was of what it had not seen."""

    version: str
    head: Head
    told: Told
    told_by_meaning: Told | None = None

    def find(self, text: str, vector: Any = None) -> Wish:
        """Of several messages in one turn the likeliest counts. One who refuses a person does not ask for one."""
        cut = text[: intent.READ_CHARS]
        vector = vector if self.head.meaning is not None else None
        lines = [line for line in cut.split("\n") if line.strip()]
        chance = max([self.head.chance(plain(cut), vector), *self._of_lines(lines)])
        if chance >= human_request.WORTH_A_LOOK and human_request.is_refusal(cut):
            chance = 0.0
        return Wish(round(chance, 3), self.version + (BY_WORDS if vector is None else BY_MEANING))

    def _of_lines(self, lines: list[str]) -> list[float]:
        return [self.head.chance(plain(line), None) for line in lines] if len(lines) > 1 else []

    def told_of(self, wish: Wish) -> Told:
        """The held-out examples as they were read the way `wish` was."""
        by_meaning = self.told_by_meaning
        return by_meaning if by_meaning is not None and wish.model.endswith(BY_MEANING) else self.told


UNTOLD = NEVER
"""The bar of a policy that knows no model: no chance reaches it."""


def shipped() -> Requests:
    with _learning:  # threads that arrive together learn it once
        return _learnt()


@cache
def _learnt() -> Requests:
    from routing.learning import wishes  # numpy and scipy: the web processes need them only when they are asked

    head, told, _ = wishes.learn(wishes.material(shipped_examples()))
    return Requests(version(), head, told)


@cache
def version() -> str:
    """Names the data: another file may answer otherwise."""
    read = b"".join((rules.DATA / name).read_bytes() for name in (FILE, intent.FILE))
    return "requests-" + hashlib.sha256(read).hexdigest()[:10]


@dataclass(frozen=True, slots=True)
class Example:
    """`is_hard`: it does not ask for a person, and sounds as if it did."""

    text: str
    asks: bool
    is_hard: bool = False
    is_shipped: bool = False


def shipped_examples() -> Iterator[Example]:
    for given in rules.load(FILE).values():
        yield from (Example(text, asks=True, is_shipped=True) for text in given["asks"])
        yield from (Example(text, asks=False, is_hard=True, is_shipped=True) for text in given["others"])
        yield from (Example(text, asks=False, is_shipped=True) for text in given["plain"])
    for given in rules.load(intent.FILE).values():
        yield from (Example(text, asks=False, is_shipped=True) for text in given["examples"])
