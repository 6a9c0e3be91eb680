"""PostgreSQL's own count of transactions, to tell how many a message costs."""

from __future__ import annotations

from django.db import connection

TRICKLE_RATE, TRICKLE_S = 20, 1.5
"""A backend reports its counts once a second, when it commits: a trickle of messages brings the last ones in."""


def transactions() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()")
        (count,) = cursor.fetchone()
    return int(count)
