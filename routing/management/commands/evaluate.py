"""manage.py evaluate intents|oos|handoff|human_request|abuse|retrieval|golden: what routing is worth."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from chat.models import Inbox
from knowledge import embedding
from routing.management.commands import load_demo

SUBJECTS = ("intents", "oos", "handoff", "human_request", "abuse", "retrieval", "golden")
SETS = ("train", "dev", "test")


class Command(BaseCommand):
    help = "Learns from --train, takes thresholds from --dev alone and measures on --test. See docs/evaluation.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("subject", choices=SUBJECTS)
        for name in SETS:
            parser.add_argument(
                f"--{name}", type=Path, help="CSV: text and intent; text and human_request; text or user, and abuse"
            )
        parser.add_argument("--questions", type=Path, help="retrieval: CSV with split, language, question and slug")
        parser.add_argument(
            "--inbox", help="the site key of the shop that is asked; without it the demo (retrieval) or all (golden)"
        )
        parser.add_argument("--model", type=int, help="golden: a version beside the live one (see `model list`)")
        parser.add_argument("--json", type=Path, help="where the figures are written")
        parser.add_argument("--encoder", choices=["minilm", "none"], default="minilm")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["subject"] == "golden":
            self._golden(options)
        else:
            self._figures(options)

    def _figures(self, options: dict[str, Any]) -> None:
        figures = {"retrieval": self._retrieval, "abuse": self._abuse}.get(options["subject"], self._models)(options)
        for name, found in figures.items():
            self.stdout.write(f"{name:28} {found['value']:.4f}  ({found['low']:.4f} to {found['high']:.4f})")
        if options["json"]:
            options["json"].write_text(json.dumps(figures, indent=1) + "\n")

    def _golden(self, options: dict[str, Any]) -> None:
        """What the live model makes of the golden questions, and what a candidate would change."""
        from routing import golden, live
        from routing.models import ModelVersion

        questions = golden.of_inboxes([options["inbox"]] if options["inbox"] else [])
        if not questions:
            raise CommandError("there are no golden questions: POST golden/ adds them (docs/policy.md)")
        live.warm_up()
        judged = golden.judge(questions)
        if options["model"] is not None:
            try:
                after = golden.judge(questions, live.opened(options["model"]))
            except ModelVersion.DoesNotExist:
                raise CommandError(f"there is no version {options['model']}: see `model list`") from None
            changed = [(old, new) for old, new in zip(judged, after, strict=True) if old.got != new.got]
            for old, new in changed:
                self.stdout.write(f"{new.says()} (before: {old.got})")
            self.stdout.write(f"{len(changed)} of {len(questions)} changed")
            judged = after
        else:
            self.stdout.write("\n".join(each.says() for each in judged))
        self.stdout.write("\n".join(golden.summary(judged)))
        if options["json"]:
            rows = [{"question": each.question.question, "expected": each.question.expected(), "got": each.got,
                     "passed": each.passed} for each in judged]  # fmt: skip
            options["json"].write_text(json.dumps(rows, indent=1) + "\n")
        failed = sum(not each.passed for each in judged)
        if failed:
            raise CommandError(f"{failed} of {len(judged)} golden questions are not answered as expected")

    def _abuse(self, options: dict[str, Any]) -> dict[str, dict[str, float]]:
        from routing.learning import abuse, evaluation  # the library takes a second to import

        if options["test"] is None or not options["test"].exists():
            raise CommandError(f"--test {options['test']} does not exist")
        try:
            return abuse.figures(abuse.load(options["test"]))
        except evaluation.BadFile as problem:
            raise CommandError(str(problem)) from problem

    def _models(self, options: dict[str, Any]) -> dict[str, dict[str, float]]:
        from routing.learning import evaluation, requests  # the library takes a second to import
        from supportdesk.encoder.minilm import NotThere

        for name in SETS:
            if options[name] is None or not options[name].exists():
                raise CommandError(f"--{name} {options[name]} does not exist")
        subject = options["subject"]
        given = [(options[name], self._encode(options, name)) for name in SETS]
        try:
            if subject == "human_request":
                train, dev, test = (requests.load(path, encode) for path, encode in given)
                shipped = None if options["encoder"] == "none" else self._encode(options, "train")
                return requests.human_requests(train, dev, test, shipped)
            return evaluation.SUBJECTS[subject](*(evaluation.load(path, encode) for path, encode in given))
        except (evaluation.BadFile, NotThere) as problem:
            raise CommandError(str(problem)) from problem

    @transaction.atomic
    def _retrieval(self, options: dict[str, Any]) -> dict[str, dict[str, float]]:
        """The demo's articles are loaded for the measurement and gone after it; a shop's own are only read."""
        from routing.learning import evaluation, retrieval

        path = options["questions"] or load_demo.ARTICLES / "questions.csv"
        try:
            questions = [retrieval.read(path, split) for split in ("fit", "test")]
            inbox = self._asked_inbox(options["inbox"])
            language = inbox.locale.replace("_", "-").split("-")[0].lower()
            fit, test = (retrieval.ask(inbox.pk, some, language) for some in questions)
            for spoken in sorted({each.language for each in fit}):
                weights = retrieval.fitted([each for each in fit if each.language == spoken])
                self.stdout.write(f"fitted on {spoken}: {weights}")
        except (evaluation.BadFile, OSError) as problem:
            raise CommandError(str(problem)) from problem
        transaction.set_rollback(True)
        return retrieval.figures(test, inbox.support_floor)

    def _asked_inbox(self, site_key: str | None) -> Inbox:
        if site_key is not None:
            found = Inbox.objects.filter(site_key=site_key).first()
            if found is None:
                raise CommandError(f"--inbox {site_key}: there is no such inbox")
            return found
        inbox = Inbox.objects.create(name="evaluation", support_floor=load_demo.DEMO_FLOOR)
        load_demo.load_articles(inbox)
        while embedding.embed():
            pass
        return inbox

    def _encode(self, options: dict[str, Any], name: str) -> Any:
        import numpy as np

        from supportdesk.encoder.minilm import MiniLM

        def encode(texts: Sequence[str]) -> Any:
            self.stdout.write(f"reading {len(texts)} texts for {options[name].name}")
            return np.zeros((len(texts), 0)) if options["encoder"] == "none" else MiniLM().vectors(texts)

        return encode
