"""`manage.py import_articles SOURCE --inbox KEY`: a folder of Markdown, a .csv, or a URL. Run again, it updates."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from knowledge import importing


class Command(BaseCommand):
    help = "Imports help articles from a folder of *.md files, a CSV (title, body, slug, language) or a web page."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help="a folder, a .csv file, or an http(s) address")
        parser.add_argument("--inbox", required=True, help="the inbox's site key")
        parser.add_argument("--language", default="en")
        parser.add_argument("--publish", action="store_true", help="at once; else they are drafts")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        inbox = apps.get_model("chat", "Inbox").objects.filter(site_key=options["inbox"]).first()
        if inbox is None:
            raise CommandError(f"There is no inbox with the site key {options['inbox']}.")
        try:
            for draft in drafts(options["source"], options["language"]):
                article = importing.save(inbox.pk, draft, publish=options["publish"])
                self.stdout.write(f"{article.slug}: {article.status}, version {article.version}")
        except (importing.BadSource, OSError) as problem:
            raise CommandError(f"{problem}. Nothing was imported.") from None


def drafts(source: str, language: str) -> Iterable[importing.Draft]:
    if source.startswith(("http://", "https://")):
        return [importing.from_url(source, language)]
    path = Path(source)
    return importing.from_csv(path, language) if path.suffix == ".csv" else importing.from_folder(path, language)
