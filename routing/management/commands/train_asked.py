"""manage.py train_asked N: does a training that the console asked for. A worker starts it; it ends with the worker."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from routing import trainings

GENTLY = 10
"""How much others go before it: routing does not wait for it."""


class Command(BaseCommand):
    help = "Does a training that the console asked for; a worker starts it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        os.nice(GENTLY)
        trainings.end_with_the_worker()
        trainings.learn(options["number"])
