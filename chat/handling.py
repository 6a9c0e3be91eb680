"""How long people have taken for a conversation lately, and how often who waits leaves: measured from what is stored,
remembered in Redis for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from chat.waits import HANDLING_S, handling_mean, leaving_rate
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
LEFT = """
SELECT count(*) FILTER (WHERE ended.is_left), coalesce(sum(extract(epoch FROM coalesce(ended.at, %s) - asked.at)), 0)
FROM (SELECT conversation_id, version, requested_at AS at FROM chat_handoffpacket
      WHERE requested_at > %s AND version IS NOT NULL ORDER BY requested_at DESC LIMIT %s) asked
LEFT JOIN LATERAL (SELECT at, to_state <> 'assigned' AND actor_kind = 'customer' AS is_left FROM chat_event e
      WHERE e.conversation_id = asked.conversation_id AND e.version > asked.version
      AND e.to_state IN ('assigned', 'callback', 'closed', 'bot') ORDER BY e.version LIMIT 1) ended ON true
"""
"""Who goes or takes a date has left the queue; a date that the desk gives him is none of his doing."""
LATEST, WITHIN = 200, timedelta(days=1)
MEAN, LEAVING = "handling:mean", "handling:leaving"
MEASURED = "handling:measured"
MEASURE_EVERY_S, REMEMBERED_S = 60, 600


def handled_since(since: datetime, latest: int) -> tuple[float, ...]:
    """Seconds from taking to ending of the `latest` conversations that people have ended since then."""
    with connection.cursor() as cursor:
        cursor.execute(HANDLED, [since, latest])
        return tuple(seconds for (seconds,) in cursor.fetchall())


def left_since(since: datetime, latest: int) -> tuple[int, float]:
    """How many of the `latest` who asked for a person since then left the queue by themselves, and the seconds that all
    of them waited."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT, [now(), since, latest])
        left, waited_s = cursor.fetchone()
    return int(left), float(waited_s)


def measure() -> None:
    """At most once a minute for the whole desk, whoever asks.

    Raises:
        RedisError.
    """
    if redis().set(MEASURED, 1, nx=True, ex=MEASURE_EVERY_S):
        seconds = handled_since(now() - WITHIN, LATEST)
        redis().set(MEAN, handling_mean(sum(seconds), len(seconds)), ex=REMEMBERED_S)
        redis().set(LEAVING, leaving_rate(*left_since(now() - WITHIN, LATEST)), ex=REMEMBERED_S)


def mean_s() -> float:
    """Mean seconds of a conversation, as last measured; HANDLING_S until then."""
    return float(redis().get(MEAN) or HANDLING_S)


def leaving_per_s() -> float:
    """How often one who waits leaves the queue, as last measured; never until then."""
    return float(redis().get(LEAVING) or 0.0)
