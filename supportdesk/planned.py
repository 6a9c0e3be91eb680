"""Statements that PostgreSQL plans once a connection: for large ones that run often, planning costs more than running.

Django sends every statement whole, so each is parsed and planned anew. Here it is prepared at its first use; the plan
is PostgreSQL's to renew when tables or their statistics change.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
"""Connection of psycopg -> the names it knows."""


def run(statement: str, *arguments: Any) -> list[tuple[Any, ...]]:
    """The rows of `statement`, with `arguments` for $1, $2, …, on Django's connection and in its transaction."""
    with connection.cursor() as cursor:
        name = f"planned_{sha256(statement.encode()).hexdigest()[:16]}"
        known = _prepared.setdefault(connection.connection, set())
        if not known:
            cursor.execute("SET plan_cache_mode = force_generic_plan")  # else arrays are planned for at each length
        if name not in known:
            cursor.execute(f"PREPARE {name} AS {statement}")
            known.add(name)
        given = f"({', '.join(['%s'] * len(arguments))})" if arguments else ""
        cursor.execute(f"EXECUTE {name}{given}", arguments)
        return cursor.fetchall() if cursor.description else []
