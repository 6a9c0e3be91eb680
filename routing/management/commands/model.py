"""manage.py model list|promote N|rollback: which version of the intent model reads. Workers follow by themselves."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from routing import versions
from routing.models import ModelVersion


class Command(BaseCommand):
    help = "Lists the versions that were trained, promotes one, or takes the last promotion back: docs/training.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        does = parser.add_subparsers(dest="do", required=True)
        does.add_parser("list")
        promote = does.add_parser("promote")
        promote.add_argument("number", type=int)
        promote.add_argument("--golden", action="store_true", help="only if no golden question is newly failed")
        does.add_parser("rollback")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["do"] == "promote":
                self._promote(options["number"], golden=options["golden"] or settings.GOLDEN_REQUIRED)
            elif options["do"] == "rollback":
                self.stdout.write(f"{versions.rollback()} reads from now on")
            else:
                self._list()
        except versions.NothingBefore:
            raise CommandError("the shipped reader is live: there is nothing to go back to") from None
        except versions.PromotedMeanwhile:
            raise CommandError("somebody promoted just now: see `model list` and decide again") from None

    def _promote(self, number: int, *, golden: bool) -> None:
        version = ModelVersion.objects.defer(*versions.HEAVY).filter(pk=number).first()
        if version is None:
            raise CommandError(f"there is no version {number}: see `model list`")
        if golden:
            self._check_golden(number)
        for line in version.metrics.get("remarks", {}).get("says", []):
            self.stderr.write(line)
        versions.promote(version=version)
        self.stdout.write(f"{version} reads from now on; workers follow with their next messages")

    def _check_golden(self, number: int) -> None:
        from routing import live  # the library takes a second to import
        from routing.golden import newly_failing

        live.warm_up()
        worse = newly_failing(live.opened(number))
        if worse:
            lines = "\n".join(each.says() for each in worse)
            raise CommandError(f"not promoted: what the live model gets right, version {number} gets wrong:\n{lines}")
        self.stdout.write("no golden question is newly failed")

    def _list(self) -> None:
        live = versions.live_number()
        self.stdout.write(f"{'*' if live is None else ' '} -  shipped examples")
        for version in ModelVersion.objects.defer(*versions.HEAVY).order_by("pk"):
            right = version.metrics["accuracy"]
            said = f"accuracy {right['value']:.3f} ({right['low']:.3f} to {right['high']:.3f})"
            read_with = version.encoder or "words alone"
            said += ", poor" if version.metrics.get("remarks", {}).get("says") else ""
            mark = "*" if version.pk == live else " "
            self.stdout.write(
                f"{mark} {version.pk}  {version.name}  {version.made_at:%Y-%m-%d %H:%M}  {said}  {read_with}"
            )
