"""`manage.py create_agent ada --role admin`: the first one. Asks for the password, or reads it from a pipe."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agents.models import Role
from agents.staff import NotHired, hire


class Command(BaseCommand):
    help = "Makes somebody who signs in to the console; admins hire the others there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", help="as customers read it (default: the username, capitalised)")
        parser.add_argument("--role", choices=Role.values, default=Role.AGENT.value)

    def handle(self, *args: Any, **options: Any) -> None:
        username = options["username"]
        name = (options["name"] or username.title()).strip()
        if not 0 < len(name) <= 100:  # the column's width
            raise CommandError("A name has 1 to 100 characters.")
        password = getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            agent = hire(username=username, password=password, name=name, role=options["role"])
        except NotHired as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"{agent.name} signs in as {username}, role {agent.role}")
