"""`manage.py revoke_api_token "CRM sync"`: the token of this name is refused from now on."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integrations.tokens import revoke


class Command(BaseCommand):
    help = "Revokes the API token of this name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        if not revoke(name=options["name"]):
            raise CommandError(f"No live token is named {options['name']!r}.")
        self.stdout.write("revoked")
