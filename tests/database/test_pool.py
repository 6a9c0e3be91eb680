"""After PostgreSQL was away, nobody waits for the pool to find out link by link."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest
from django.db import connection

from tests.desk import until

LINKS = 8
TERMINATE = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND datname = current_database() AND application_name = 'supportdesk'
"""

LEFT = """
SELECT count(*) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND datname = current_database() AND application_name = 'supportdesk'
"""


def ask(_: int, meanwhile: Barrier | None = None) -> int:
    """One request's use of a link of the pool; with `meanwhile`, all hold theirs at once."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            if meanwhile is not None:
                meanwhile.wait()
            return int(cursor.fetchone()[0])
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_pool_whose_every_link_was_cut_gives_a_working_one_at_once() -> None:
    parameters = {
        k: v
        for k, v in connection.get_connection_params().items()
        if k in ("dbname", "user", "password", "host", "port")
    }
    connection.close()
    at_once = Barrier(LINKS)
    with ThreadPoolExecutor(LINKS) as threads:
        assert list(threads.map(lambda n: ask(n, at_once), range(LINKS))) == [1] * LINKS
        with psycopg.connect(**parameters, autocommit=True) as other:
            cut = other.execute(TERMINATE).fetchone()
            until(lambda: other.execute(LEFT).fetchone() == (0,), 10, "links were not cut")
        assert cut is not None
        assert cut[0] >= LINKS
        assert [ask(n) for n in range(LINKS)] == [1] * LINKS
