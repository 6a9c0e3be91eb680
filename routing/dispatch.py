"""Offers what waits to whom it suits. Any number may run at once: chat.actions.offer decides under locks.

One that must wait does not hold up those behind it with other needs. Whom a date was promised is brought back by every
walk that finds somebody free, so that no walk gives that agent to one who came later.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from agents.models import Agent
from chat import actions
from chat.errors import AlreadyTaken, NotFound
from routing.assignment import Candidate, Chosen, Wait, choose_agent
from routing.candidates import candidates
from routing.heads import Line, Waiting
from routing.suiting import Suiting
from supportdesk.clock import now

log = logging.getLogger(__name__)

CHOOSE_MOST = 4
"""Choices for one conversation while others fill the agents up; then it is left to the next walk."""


def dispatch() -> int:
    """Walks the queue from its head until nobody is free; returns how many offers were made.

    Raises:
        RedisError: presence is not known.
    """
    free, offers = candidates(), 0
    if not _any_free(free):
        return 0
    actions.bring_back_callbacks(Suiting(free).has)
    line = Line()
    while _any_free(free) and (waiting := line.next()) is not None:
        free, outcome = _place(waiting, free)
        if isinstance(outcome, Wait):
            log.debug("%s waits: %s", waiting.id, outcome.why)
            if waiting.is_plain:  # else those behind may be asked whom it may not ask
                line.close(waiting.kind)
        offers += isinstance(outcome, Chosen)
    return offers


def _place(waiting: Waiting, known: list[Candidate]) -> tuple[list[Candidate], Chosen | Wait | None]:
    """Tries to place one conversation; returns the candidates as known afterwards, and None where it has moved on."""
    for _ in range(CHOOSE_MOST):
        choice = choose_agent(waiting.need, known, now())
        if not isinstance(choice, Chosen):
            return known, choice
        try:
            actions.offer(
                conversation_id=waiting.id, agent_id=choice.agent_id, why=choice.why, accepted=choice.accepted
            )
        except (AlreadyTaken, NotFound):
            return known, None
        except (actions.NotFree, Agent.DoesNotExist):
            known = candidates()
        else:
            taken = waiting.need.units
            return [replace(c, load=c.load + taken) if c.id == choice.agent_id else c for c in known], choice
    return known, None


def _any_free(known: list[Candidate]) -> bool:
    return any(candidate.has_room() for candidate in known)
