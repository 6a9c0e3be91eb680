"""The backend (Django asks for a module of this name): links that broke in the pool are passed over without waiting.

psycopg's own check waits 1, 2, 4… seconds after each broken link it meets, so that a pool of ten whose PostgreSQL was
restarted takes longer than any request waits. Here the pool checks nothing and each link is looked at as it is taken:
a PostgreSQL that ended one has closed it, which the socket tells at once; asking it would cost each request a wait.
"""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg_pool import ConnectionPool


def has_word(link: Any) -> bool:
    """PostgreSQL has said something that nobody has read: the last word of a link that it ended, or a mere notice."""
    look = select.poll()
    look.register(link.fileno(), select.POLLIN)
    return bool(look.poll(0))


class DatabaseWrapper(base.DatabaseWrapper):
    """Set CONN_HEALTH_CHECKS to False with it: that would be the pool's own check."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A link of the pool that works.

        Raises:
            psycopg.OperationalError: none does, not even a new one.
        """
        pool: ConnectionPool[Any] | None = self.pool
        if pool is None:
            return super().get_new_connection(conn_params)
        for _ in range(pool.max_size):
            link = super().get_new_connection(conn_params)
            if not has_word(link):
                return link
            try:
                ConnectionPool.check_connection(link)
            except OperationalError:
                pool.putconn(link)  # which throws it away and makes another
            else:
                return link
        return super().get_new_connection(conn_params)
