"""manage.py train: a new version of the model that reads intents, with its figures; not live before it is promoted."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from routing import examples
from routing.models import Example

SHOWN_MOST = 50
TEXTS_A_PART, PARTS_A_LINE = 64, 16
THREADS = 2
"""Texts are read side by side: the encoder itself keeps to one thread."""


class Command(BaseCommand):
    help = "Learns from the shipped examples, files, the desk's own, corrections and scored handoffs: docs/training.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--inbox", action="append", default=[], help="site key; without it all inboxes' examples")
        parser.add_argument("--file", action="append", type=Path, default=[], help="CSV with the columns text, intent")
        parser.add_argument("--without-shipped", action="store_true", help="leave the shipped examples out")
        parser.add_argument("--words-only", action="store_true", help="do not use the encoder")

    def handle(self, *args: Any, **options: Any) -> None:
        from routing import versions  # the library takes a second to import
        from routing.learning import crossed

        self._began = time.monotonic()
        sources = [examples.of_desk(options["inbox"]), examples.of_scores(options["inbox"])]
        sources += [examples.of_file(path) for path in options["file"]]
        if not options["without_shipped"]:
            sources.append(examples.shipped())
        try:
            found = examples.sifted(chain(*sources))
        except (OSError, ValueError) as problem:
            raise CommandError(str(problem)) from problem
        if found.problems:
            more = len(found.problems) - SHOWN_MOST
            lines = found.problems[:SHOWN_MOST] + ([f"… and {more} more"] if more > 0 else [])
            raise CommandError("nothing was learned; mend these first:\n" + "\n".join(lines))
        counts = found.counts()
        self._tell(f"{len(found.kept)} examples: " + ", ".join(f"{n} {name}" for name, n in sorted(counts.items())))
        material = material_of([each for each in found.kept if each.intent != Example.PERSON])
        vectors, encoder = self._vectors(material.texts, options["words_only"])
        learned = crossed.learn(material, vectors, encoder, self._tell)
        requests = self._requests(found.kept, options["words_only"])
        version = versions.keep(learned, counts, requests)
        for name, figure in learned.metrics.items():
            if "value" in figure:
                self.stdout.write(f"{name:16} {figure['value']:.3f}  ({figure['low']:.3f} to {figure['high']:.3f})")
        for line in version.metrics["remarks"]["says"]:
            self.stdout.write(line)
        kilobytes = len(version.content) // 1024
        self._tell(
            f"version {version.pk} ({version.name}, {kilobytes} KB) is kept; `model promote {version.pk}` makes it live"
        )

    def _requests(self, kept: Any, words_only: bool) -> bytes:
        """What reads wishes for a person: the shipped examples and the desk's own."""
        from routing.learning import wishes
        from routing.signals.requests import shipped_examples

        given = wishes.material(chain(shipped_examples(), examples.of_wishes(kept)))
        self._tell(f"wishes for a person: {given.asks.sum()} of {len(given.texts)} examples")
        vectors, _ = self._vectors(given.texts, words_only)
        return wishes.written(*wishes.learn(given, vectors))

    def _vectors(self, texts: list[str], words_only: bool) -> tuple[Any, str]:
        import numpy as np

        from supportdesk.encoder.choice import Silent, chosen

        encoder = None if words_only else chosen()
        if encoder is None:
            self._tell("by words alone: no encoder is used")
            return np.zeros((len(texts), 0), np.float32), ""
        parts = [texts[start : start + TEXTS_A_PART] for start in range(0, len(texts), TEXTS_A_PART)]
        rows: list[Any] = []
        with ThreadPoolExecutor(THREADS) as threads:
            try:
                for found in threads.map(encoder.vectors, parts):
                    rows.append(found)
                    if len(rows) % PARTS_A_LINE == 0 or len(rows) == len(parts):
                        self._tell(f"read {min(len(rows) * TEXTS_A_PART, len(texts))} of {len(texts)}")
            except Silent as problem:
                raise CommandError(f"{problem}; try again, or train with --words-only") from problem
        return np.concatenate(rows), encoder.name

    def _tell(self, line: str) -> None:
        self.stdout.write(f"{time.monotonic() - self._began:5.1f} s  {line}")
        self.stdout.flush()


def material_of(kept: Any) -> Any:
    import numpy as np

    from routing.learning.crossed import Material

    intents = np.array([each.intent for each in kept])
    return Material([each.text for each in kept], intents, intents == Example.OUTSIDE)
