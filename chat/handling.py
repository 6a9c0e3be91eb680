"""How long people have taken for a conversation lately: measured from events, remembered in Redis for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from chat.waits import HANDLING_S, handling_mean
from supportdesk.clock import now
from supportdesk.redis import redis

HANDLED = """
SELECT extract(epoch FROM ended.at - taken.at)::float8
FROM (SELECT conversation_id, version, at FROM chat_event
      WHERE from_state = 'assigned' AND to_state <> 'assigned' AND at > %s ORDER BY id DESC LIMIT %s) ended
CROSS JOIN LATERAL (SELECT at FROM chat_event e WHERE e.conversation_id = ended.conversation_id
      AND e.version < ended.version AND e.to_state = 'assigned' AND e.from_state <> 'assigned'
      ORDER BY e.version DESC LIMIT 1) taken
"""
LATEST, WITHIN = 200, timedelta(days=1)
MEAN = "handling:mean"
MEASURED = "handling:measured"
MEASURE_EVERY_S, REMEMBERED_S = 60, 600


def handled_since(since: datetime, latest: int) -> tuple[float, ...]:
    """Seconds from taking to ending of the `latest` conversations that people have ended since then."""
    with connection.cursor() as cursor:
        cursor.execute(HANDLED, [since, latest])
        return tuple(seconds for (seconds,) in cursor.fetchall())


def measure() -> None:
    """At most once a minute for the whole desk, whoever asks.

    Raises:
        RedisError.
    """
    if redis().set(MEASURED, 1, nx=True, ex=MEASURE_EVERY_S):
        seconds = handled_since(now() - WITHIN, LATEST)
        redis().set(MEAN, handling_mean(sum(seconds), len(seconds)), ex=REMEMBERED_S)


def mean_s() -> float:
    """Mean seconds of a conversation, as last measured; HANDLING_S until then."""
    return float(redis().get(MEAN) or HANDLING_S)
