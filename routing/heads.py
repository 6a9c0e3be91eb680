"""The queue as one walk sees it: whoever goes first of each kind of need, in the order of their places.

Kinds are few and those who wait are many: a walk reads each kind's head, and while the head must wait, so must all
behind it who need the same. Its cost does not grow with the queue, and nobody stands too far back to be found.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from heapq import heapify, heappop, heappush
from uuid import UUID

from routing.assignment import Need
from supportdesk import planned

FIRST, PAGE = 4, 100
"""How many of a kind are read at first, and how many more once these have been looked at."""
COLUMNS = """
c.id, c.need_key, c.place_at, c.need_skills, c.language, c.need_team_id, c.need_agent_id, c.passed_by, c.waits_told,
CASE WHEN cardinality(c.passed_by) > 0 THEN (SELECT max(at) FROM chat_event e
  WHERE e.conversation_id = c.id AND e.trigger IN
    ('declined', 'offer_expired', 'released', 'agent_lost', 'agent_silent', 'transferred')) END
"""
FIRSTS = f"""
WITH RECURSIVE kinds AS (
  (SELECT need_key FROM chat_conversation WHERE state = 'queued' ORDER BY need_key LIMIT 1)
  UNION ALL
  SELECT (SELECT c.need_key FROM chat_conversation c WHERE c.state = 'queued' AND c.need_key > kinds.need_key
          ORDER BY c.need_key LIMIT 1)
  FROM kinds WHERE kinds.need_key IS NOT NULL)
SELECT {COLUMNS} FROM kinds CROSS JOIN LATERAL (
  SELECT * FROM chat_conversation q WHERE q.state = 'queued' AND q.need_key = kinds.need_key
  ORDER BY q.place_at, q.id LIMIT {FIRST}) c
WHERE kinds.need_key IS NOT NULL
"""  # noqa: S608  # constants
MORE = f"""
SELECT {COLUMNS} FROM chat_conversation c
WHERE c.state = 'queued' AND c.need_key = $1 AND (c.place_at, c.id) > ($2::timestamptz, $3::uuid)
ORDER BY c.place_at, c.id LIMIT {PAGE}
"""  # noqa: S608  # constants


@dataclass(frozen=True, slots=True)
class Waiting:
    """One who waits. Equal `kind`: equal need, but for who has passed."""

    id: UUID
    kind: str
    place_at: datetime
    need: Need


class Line:
    """All who wait, first to last, as they stood when each kind was read. `close` leaves out the rest of a kind."""

    def __init__(self) -> None:
        self._kinds: dict[str, deque[Waiting]] = {}
        self._heads: list[tuple[datetime, UUID, str]] = []
        for row in planned.run(FIRSTS):
            each = _waiting(*row)
            self._kinds.setdefault(each.kind, deque()).append(each)
        self._longer = {kind for kind, read in self._kinds.items() if len(read) == FIRST}
        for kind in self._kinds:
            self._push(kind)

    def next(self) -> Waiting | None:
        """Whoever is next; None at the end."""
        if not self._heads:
            return None
        _, _, kind = heappop(self._heads)
        first = self._kinds[kind].popleft()
        if not self._kinds[kind] and kind in self._longer:
            rows = planned.run(MORE, kind, first.place_at, first.id)
            self._kinds[kind].extend(_waiting(*row) for row in rows)
            self._longer -= {kind} if len(rows) < PAGE else set()
        self._push(kind)
        return first

    def close(self, kind: str) -> None:
        self._kinds[kind].clear()
        self._heads = [head for head in self._heads if head[2] != kind]
        heapify(self._heads)

    def _push(self, kind: str) -> None:
        if self._kinds[kind]:
            head = self._kinds[kind][0]
            heappush(self._heads, (head.place_at, head.id, kind))


def _waiting(
    pk: UUID,
    kind: str,
    place_at: datetime,
    skills: list[str],
    language: str,
    team_id: int | None,
    agent_id: int | None,
    passed_by: list[int],
    waits_told: int,
    passed_at: datetime | None,
) -> Waiting:
    need = Need(
        skills=frozenset(skills), language=language, team_id=team_id, agent_id=agent_id,
        passed_by=frozenset(passed_by), passed_at=passed_at, waited_out=waits_told > 0,
    )  # fmt: skip
    return Waiting(pk, kind, place_at, need)
