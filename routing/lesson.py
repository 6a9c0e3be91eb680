"""A training from first to last: what there is to learn from, a new version of the model, and its figures.

`manage.py train` and a training that the console asked for (routing.trainings) are both this.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any

from routing import examples, versions
from routing.models import Example, ModelVersion

SHOWN_MOST = 50
TEXTS_A_PART, PARTS_A_LINE = 64, 16
THREADS = 2
"""Texts are read side by side: the encoder itself keeps to one thread."""

Tell = Callable[[str], object]


class NothingLearned(ValueError):
    """What is wrong with the examples, line by line, or why they cannot be read."""


def train(
    say: Tell, *, inboxes: Sequence[str] = (), files: Sequence[Path] = (), with_shipped: bool = True,
    words_only: bool = False,
) -> ModelVersion:  # fmt: skip
    """Keeps a new version, which is not live before it is promoted. `inboxes`: site keys; none: all of them. `say` is
    told line by line how it goes.

    Raises:
        NothingLearned.
    """
    from routing.learning import crossed  # the library takes a second to import

    began = time.monotonic()

    def tell(line: str) -> None:
        say(f"{time.monotonic() - began:5.1f} s  {line}")

    kept, counts = _examples(inboxes, files, with_shipped)
    tell(f"{len(kept)} examples: " + ", ".join(f"{n} {name}" for name, n in sorted(counts.items())))
    material = material_of([each for each in kept if each.intent != Example.PERSON])
    vectors, encoder = _vectors(material.texts, words_only, tell)
    learned = crossed.learn(material, vectors, encoder, tell)
    version = versions.keep(learned, counts, _requests(kept, words_only, tell))
    for name, figure in learned.metrics.items():
        if "value" in figure:
            say(f"{name:16} {figure['value']:.3f}  ({figure['low']:.3f} to {figure['high']:.3f})")
    for line in version.metrics["remarks"]["says"]:
        say(line)
    kilobytes = len(version.content) // 1024
    tell(f"version {version.pk} ({version.name}, {kilobytes} KB) is kept; `model promote {version.pk}` makes it live")
    return version


def _examples(inboxes: Sequence[str], files: Sequence[Path], with_shipped: bool) -> tuple[Any, dict[str, int]]:
    sources = [examples.of_desk(inboxes), examples.of_scores(inboxes), *(examples.of_file(path) for path in files)]
    if with_shipped:
        sources.append(examples.shipped())
    try:
        found = examples.sifted(chain(*sources))
    except (OSError, ValueError) as problem:
        raise NothingLearned(str(problem)) from problem
    if found.problems:
        more = len(found.problems) - SHOWN_MOST
        lines = found.problems[:SHOWN_MOST] + ([f"… and {more} more"] if more > 0 else [])
        raise NothingLearned("nothing was learned; mend these first:\n" + "\n".join(lines))
    return found.kept, found.counts()


def _requests(kept: Any, words_only: bool, tell: Tell) -> bytes:
    """What reads wishes for a person: the shipped examples and the desk's own."""
    from routing.learning import wishes
    from routing.signals.requests import shipped_examples

    given = wishes.material(chain(shipped_examples(), examples.of_wishes(kept)))
    tell(f"wishes for a person: {given.asks.sum()} of {len(given.texts)} examples")
    vectors, _ = _vectors(given.texts, words_only, tell)
    return wishes.written(*wishes.learn(given, vectors))


def _vectors(texts: list[str], words_only: bool, tell: Tell) -> tuple[Any, str]:
    import numpy as np

    from supportdesk.encoder.choice import Silent, chosen

    encoder = None if words_only else chosen()
    if encoder is None:
        tell("by words alone: no encoder is used")
        return np.zeros((len(texts), 0), np.float32), ""
    parts = [texts[start : start + TEXTS_A_PART] for start in range(0, len(texts), TEXTS_A_PART)]
    rows: list[Any] = []
    with ThreadPoolExecutor(THREADS) as threads:
        try:
            for found in threads.map(encoder.vectors, parts):
                rows.append(found)
                if len(rows) % PARTS_A_LINE == 0 or len(rows) == len(parts):
                    tell(f"read {min(len(rows) * TEXTS_A_PART, len(texts))} of {len(texts)}")
        except Silent as problem:
            raise NothingLearned(f"{problem}; try again, or train with --words-only") from problem
    return np.concatenate(rows), encoder.name


def material_of(kept: Any) -> Any:
    import numpy as np

    from routing.learning.crossed import Material

    intents = np.array([each.intent for each in kept])
    return Material([each.text for each in kept], intents, intents == Example.OUTSIDE)
