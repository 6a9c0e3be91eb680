"""`manage.py create_api_token "CRM sync" --agent carol --scope read --scope write`: prints the token, once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from agents.api.caller import SCOPES
from agents.models import Agent
from integrations.tokens import create


class Command(BaseCommand):
    help = "Makes an API token and prints it. It cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what will use it; also the name to revoke it by")
        parser.add_argument("--agent", metavar="USERNAME", help="speak as this agent; without it, for the whole desk")
        parser.add_argument(
            "--scope", action="append", choices=SCOPES, dest="scopes", help="may be repeated (default: read and write)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        agent = _agent(options["agent"]) if options["agent"] else None
        name = options["name"].strip()
        if not 0 < len(name) <= 100 or "\x00" in name:  # the column's width
            raise CommandError("A token's name has 1 to 100 characters.")
        try:
            token = create(name=name, scopes=options["scopes"] or ("read", "write"), agent=agent)
        except IntegrityError:
            raise CommandError(f"A live token is named {name!r} already. Revoke it, or take another name.") from None
        self.stdout.write(token)


def _agent(username: str) -> Agent:
    found = Agent.objects.filter(user__username=username).first()
    if found is None:
        raise CommandError(f"No agent has the username {username!r}.")
    return found
