"""Offers what waits to whom it suits. Any number may run at once: chat.actions.offer decides under locks.

One that must wait does not hold up those behind it with other needs.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

from agents.models import Agent
from chat import actions
from chat.errors import AlreadyTaken, NotFound
from chat.lifecycle import State
from chat.models import Conversation
from routing import queue
from routing.assignment import Candidate, Chosen, Need, choose_agent
from routing.candidates import candidates, needs
from supportdesk.clock import now

log = logging.getLogger(__name__)

WALK_MOST = 2_000
"""Waiting conversations looked at in one walk; the next walk starts at the front again."""
PAGE = 200
CHOOSE_MOST = 4
"""Choices for one conversation while others fill the agents up; then it is left to the next walk."""


def dispatch(limit: int = WALK_MOST) -> int:
    """Walks the queue from its head; returns how many offers were made.

    Raises:
        RedisError: presence or the queue's order is not known.
    """
    free = candidates()
    offers = 0
    for row, need in _waiting(limit) if _any_free(free) else ():
        free, offered = _offer(row, need, free)
        offers += offered
        if not _any_free(free):
            break
    return offers


def _waiting(limit: int) -> Iterator[tuple[Conversation, Need]]:
    ids = queue.head(limit)
    for start in range(0, len(ids), PAGE):
        page = ids[start : start + PAGE]
        rows = list(Conversation.objects.filter(pk__in=page, state__in=queue.WAITING).order_by(*queue.ORDER))
        queue.remove(set(page) - {row.id for row in rows})
        queued = [row for row in rows if row.state == State.QUEUED]
        need_of = needs(queued)
        yield from ((row, need_of[row.id]) for row in queued)


def _offer(row: Conversation, need: Need, known: list[Candidate]) -> tuple[list[Candidate], bool]:
    """Tries to place one conversation; returns the candidates as known afterwards."""
    for _ in range(CHOOSE_MOST):
        choice = choose_agent(need, known, now())
        if not isinstance(choice, Chosen):
            log.debug("%s waits: %s", row.id, choice.why)
            return known, False
        try:
            actions.offer(conversation_id=row.id, agent_id=choice.agent_id, why=choice.why)
        except (AlreadyTaken, NotFound):
            return known, False
        except (actions.NotFree, Agent.DoesNotExist):
            known = candidates()
        else:
            return [replace(c, load=c.load + 1) if c.id == choice.agent_id else c for c in known], True
    return known, False


def _any_free(known: list[Candidate]) -> bool:
    return any(candidate.is_free() for candidate in known)
