"""manage.py evaluate intents|oos|handoff: what routing's models are worth on a data set, as figures with intervals."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Learns from --train, takes thresholds from --dev alone and measures on --test. See docs/evaluation.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("subject", choices=["intents", "oos", "handoff"])
        for name in ("train", "dev", "test"):
            parser.add_argument(f"--{name}", type=Path, required=True, help="CSV with the columns text and intent")
        parser.add_argument("--json", type=Path, help="where the figures are written")
        parser.add_argument("--encoder", choices=["minilm", "none"], default="minilm")

    def handle(self, *args: Any, **options: Any) -> None:
        from routing.learning import evaluation  # the library takes a second to import
        from supportdesk.encoder.minilm import NotThere

        for name in ("train", "dev", "test"):
            if not options[name].exists():
                raise CommandError(f"--{name} {options[name]} does not exist")
        try:
            sets = [self._load(options[name], options["encoder"]) for name in ("train", "dev", "test")]
            figures = evaluation.SUBJECTS[options["subject"]](*sets)
        except (evaluation.BadFile, NotThere) as problem:
            raise CommandError(str(problem)) from problem
        for name, found in figures.items():
            self.stdout.write(f"{name:28} {found['value']:.4f}  ({found['low']:.4f} to {found['high']:.4f})")
        if options["json"]:
            options["json"].write_text(json.dumps(figures, indent=1) + "\n")

    def _load(self, path: Path, encoder: str) -> Any:
        import numpy as np

        from routing.learning import evaluation
        from supportdesk.encoder.minilm import MiniLM

        def encode(texts: Sequence[str]) -> Any:
            self.stdout.write(f"reading {len(texts)} texts of {path.name}")
            return np.zeros((len(texts), 0)) if encoder == "none" else MiniLM().vectors(texts)

        return evaluation.load(path, encode)
