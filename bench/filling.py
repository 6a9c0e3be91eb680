"""Stored messages by the thousand and by the million, made by PostgreSQL itself: a statement a hundred thousand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.db import connection

AT_ONCE = 200_000
WORDS = "My order number is 104882 and the parcel has not arrived yet, though it was to be here on Tuesday. "
FILL = """
INSERT INTO chat_message
  (conversation_id, seq, author_kind, author_id, author_name, client_id, text, notice, sources, posted_at)
SELECT c.id, c.last_seq + n, CASE n %% 2 WHEN 1 THEN 'customer' ELSE 'agent' END, NULL, '',
  'filled-' || lpad((c.last_seq + n)::text, 9, '0'), %s, NULL, '[]', now() - interval '1 day' + n * interval '1 ms'
FROM chat_conversation c CROSS JOIN generate_series(1, %s) n WHERE c.id = ANY(%s)
"""
COUNT = """
UPDATE chat_conversation SET last_seq = last_seq + %s, customer_read_seq = last_seq + %s, agent_read_seq = last_seq + %s
WHERE id = ANY(%s)
"""


def fill(conversations: Sequence[UUID], each: int, report: Callable[[int], None] | None = None) -> None:
    """Adds `each` messages to every one of these conversations; `report` hears how many are stored so far."""
    group = max(1, AT_ONCE // each)
    with connection.cursor() as cursor:
        for start in range(0, len(conversations), group):
            for part in [min(AT_ONCE, each - done) for done in range(0, each, AT_ONCE)]:
                ids = list(conversations[start : start + group])
                cursor.execute(FILL, [WORDS, part, ids])
                cursor.execute(COUNT, [part, part, part, ids])
            if report is not None:
                report(min(start + group, len(conversations)) * each)


def settle() -> None:
    """What a database that has stood for a while has behind it: statistics, and its pages on disk."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) chat_message")
        cursor.execute("VACUUM (ANALYZE) chat_conversation")
        cursor.execute("CHECKPOINT")
