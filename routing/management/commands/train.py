"""manage.py train: a new version of the model that reads intents, with its figures; not live before it is promoted."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Learns from the shipped examples, files, the desk's own, corrections and scored handoffs: docs/training.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--inbox", action="append", default=[], help="site key; without it all inboxes' examples")
        parser.add_argument("--file", action="append", type=Path, default=[], help="CSV with the columns text, intent")
        parser.add_argument("--without-shipped", action="store_true", help="leave the shipped examples out")
        parser.add_argument("--words-only", action="store_true", help="do not use the encoder")

    def handle(self, *args: Any, **options: Any) -> None:
        from routing import lesson  # what it needs takes a second to import

        try:
            lesson.train(
                self._say, inboxes=options["inbox"], files=options["file"],
                with_shipped=not options["without_shipped"], words_only=options["words_only"],
            )  # fmt: skip
        except lesson.NothingLearned as problem:
            raise CommandError(str(problem)) from problem

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
