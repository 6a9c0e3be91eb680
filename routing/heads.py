"""The queue as one walk sees it: whoever goes first of each kind of need, in the order of their places.

Kinds are few and those who wait are many: a walk reads each kind's head, and while the head must wait, so must all
behind it who need the same. Its cost does not grow with the queue, and nobody stands too far back to be found.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import heapify, heappop, heappush
from uuid import UUID

from routing.assignment import Need
from routing.targets import TeamRow, targets_of, teams
from supportdesk import planned

FIRST, PAGE = 4, 100
"""How many of a kind are read at first, and how many more once these have been looked at."""
COLUMNS = """
c.id, c.need_key, c.place_at, c.need_skills, c.preferred_skills, c.language, c.need_team_id, c.need_agent_id,
c.preferred_agent_id, c.units, c.need_since, c.waiting_since, i.relax_s, i.queue_s, c.passed_by,
CASE WHEN cardinality(c.passed_by) > 0 THEN (SELECT max(at) FROM chat_event e
  WHERE e.conversation_id = c.id
  AND e.trigger IN ('declined', 'offer_expired', 'released', 'agent_lost', 'agent_silent', 'transferred')) END
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
JOIN chat_inbox i ON i.id = c.inbox_id
WHERE kinds.need_key IS NOT NULL
ORDER BY c.place_at, c.id
"""  # noqa: S608  # constants
MORE = f"""
SELECT {COLUMNS} FROM chat_conversation c JOIN chat_inbox i ON i.id = c.inbox_id
WHERE c.state = 'queued' AND c.need_key = $1 AND (c.place_at, c.id) > ($2::timestamptz, $3::uuid)
ORDER BY c.place_at, c.id LIMIT {PAGE}
"""  # noqa: S608  # constants


ALL = f"""
SELECT {COLUMNS}, c.state FROM chat_conversation c JOIN chat_inbox i ON i.id = c.inbox_id
WHERE c.state IN ('queued', 'offered') ORDER BY c.place_at, c.id LIMIT $1
"""  # noqa: S608  # constants


@dataclass(frozen=True, slots=True)
class Waiting:
    """One who waits. Equal `kind`: equal need, but for who has passed."""

    id: UUID
    kind: str
    place_at: datetime
    need: Need
    is_plain: bool
    """Whoever stands behind it in its kind has waited less for the same: while this one must wait, so must they."""
    is_offered: bool = False


def first(most: int) -> list[Waiting]:
    """Whoever goes first of all, first; those whom somebody is being offered, too."""
    known = teams()
    return [replace(_waiting(known, *row[:-1]), is_offered=row[-1] == "offered") for row in planned.run(ALL, most)]


class Line:
    """All who wait, first to last, as they stood when each kind was read. `close` leaves out the rest of a kind."""

    def __init__(self) -> None:
        self._kinds: dict[str, deque[Waiting]] = {}
        self._heads: list[tuple[datetime, UUID, str]] = []
        self._teams = teams()
        for row in planned.run(FIRSTS):
            each = _waiting(self._teams, *row)
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
            self._kinds[kind].extend(_waiting(self._teams, *row) for row in rows)
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
    known: Mapping[int, TeamRow], pk: UUID, kind: str, place_at: datetime, skills: list[str], preferred: list[str],
    language: str, team_id: int | None, agent_id: int | None, preferred_agent_id: int | None, units: int,
    need_since: datetime | None, waiting_since: datetime, relax_s: int, queue_s: int, passed_by: list[int],
    passed_at: datetime | None,
) -> Waiting:  # fmt: skip
    need = Need(
        skills=skill_levels(skills), preferred_skills=frozenset(preferred), language=language,
        targets=targets_of(team_id, known, queue_s), agent_id=agent_id, agent_s=queue_s,
        preferred_agent_id=preferred_agent_id, units=units, since=need_since or waiting_since, relax_s=relax_s,
        passed_by=frozenset(passed_by), passed_at=passed_at,
    )  # fmt: skip
    return Waiting(pk, kind, place_at, need, is_plain=not passed_by and need_since is None)


def skill_levels(skills: Iterable[str]) -> dict[str, int]:
    """From `fraud` or `fraud:4`; of two for the same skill the higher level counts."""
    levels: dict[str, int] = {}
    for skill in skills:
        name, _, level = skill.partition(":")
        levels[name] = max(levels.get(name, 0), int(level or 0))
    return levels
