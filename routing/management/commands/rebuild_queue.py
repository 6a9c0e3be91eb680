"""`manage.py rebuild_queue`: makes the waiting order in Redis anew from PostgreSQL. Harmless at any time."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from routing import queue
from supportdesk.redis import RedisError


class Command(BaseCommand):
    help = "Makes the waiting order in Redis anew from PostgreSQL. Harmless at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            length = queue.rebuild()
        except RedisError as error:
            raise CommandError(f"Redis does not answer ({type(error).__name__}). Is it running?") from None
        self.stdout.write(f"The queue holds {length} waiting conversations.")
