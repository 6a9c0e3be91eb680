"""What the desk does by itself, every second: acts on passed deadlines, finds what was lost, repairs what drifted.

Each step stands alone: one that fails is logged and the next one runs. Two sweeps at once would be harmless; an
advisory lock only keeps slow ones from piling up. Killed at any point, the next sweep goes on.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.db import DatabaseError, connection

from agents import actions as agent_actions
from agents import presence
from chat import actions, handling
from chat.errors import ChatError
from chat.lifecycle import IllegalTransition, State
from chat.models import Conversation, Offer
from routing import errands, queue
from routing.claim import oldest_waiting
from routing.suiting import Suiting
from supportdesk.clock import now
from supportdesk.redis import RedisError, redis

log = logging.getLogger(__name__)

BATCH = 200
UNROUTED_AFTER = timedelta(seconds=1)
LOCK_KEY = 7_305_117
"""The sweep's advisory lock in PostgreSQL."""
ASKS_WHO_IS_THERE = (State.QUEUED, State.CALLBACK)
"""What a passed deadline means here depends on whether anybody is there who suits."""


REACH_LOOKED_AT, REACH_EVERY_S = "reach:looked", 60


def sweep() -> dict[str, int]:
    """One sweep; returns how often each thing was done. Empty where another sweep is still running."""
    done: dict[str, int] = defaultdict(int)
    with _alone() as is_alone:
        if is_alone:
            for step in STEPS:
                _run(step, done)
    if done:
        log.info("sweep: %s", ", ".join(f"{word} {times}" for word, times in sorted(done.items())))
    return dict(done)


def _run(step: Callable[[dict[str, int]], None], done: dict[str, int]) -> None:
    try:
        step(done)
    except RedisError as error:
        log.warning("sweep: %s skipped, Redis is away (%s)", step.__name__, type(error).__name__)
    except Exception:  # the other steps must run
        log.exception("sweep: %s failed", step.__name__)


@contextmanager
def _alone() -> Iterator[bool]:
    """Holds the session's advisory lock; a connection that dies lets go of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_KEY])
        (is_alone,) = cursor.fetchone()
    try:
        yield is_alone
    finally:
        if is_alone:
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_KEY])
            except DatabaseError as error:
                log.warning("sweep: the lock went with its connection (%s)", type(error).__name__)


# --- The steps --------------------------------------------------------------------------------------------------------


def act_on_deadlines(done: dict[str, int]) -> None:
    there = _who_is_there()
    overdue = list(Conversation.objects.overdue(now()).values_list("pk", "state")[:BATCH])
    for conversation_id, state in overdue:
        someone_suits = _someone_suits(conversation_id, there) if state in ASKS_WHO_IS_THERE else False
        if someone_suits is None:
            done["postponed"] += _postpone(conversation_id, state)
            continue
        try:
            word = actions.act_on_deadline(conversation_id=conversation_id, someone_suits=someone_suits)
        except (DatabaseError, ChatError, IllegalTransition) as error:
            log.warning("sweep: %s (%s) is left to the next sweep: %s", conversation_id, state, type(error).__name__)
        else:
            if word is not None:
                done[word] += 1


def _who_is_there() -> tuple[Suiting, bool] | None:
    """And whether that is all: Redis may have come back so lately that not all have been heard yet. None where it is
    away."""
    try:
        is_known = presence.is_settled()
        return Suiting(), is_known
    except RedisError as error:
        log.warning("sweep: nobody knows who is online (%s)", type(error).__name__)
        return None


def _someone_suits(conversation_id: UUID, there: tuple[Suiting, bool] | None) -> bool | None:
    """None while it is not known."""
    if there is None:
        return None
    suiting, is_known = there
    row = Conversation.objects.select_related("inbox").filter(pk=conversation_id).first()
    if row is not None and suiting.has(row):
        return True
    return False if is_known else None


def _postpone(conversation_id: UUID, state: str) -> int:
    """Promising a callback because Redis was away would be a lie; the deadline moves until presence is known again."""
    later = now() + timedelta(seconds=presence.REPORT_EVERY_S)
    return Conversation.objects.filter(pk=conversation_id, state=state, deadline__lt=now()).update(deadline=later)


def break_promises(done: dict[str, int]) -> None:
    broken = actions.break_promises()
    if broken:
        done["promises_broken"] += broken
        log.warning("sweep: %d promises were not kept in time", broken)


def alert_promises(done: dict[str, int]) -> None:
    at_risk = actions.alert_promises()
    if at_risk:
        done["promises_at_risk"] += at_risk


def alert_reach(done: dict[str, int]) -> None:
    if redis().set(REACH_LOOKED_AT, 1, nx=True, ex=REACH_EVERY_S):
        fell = actions.alert_reach()
        if fell:
            done["reach_fell"] += fell


def route_forgotten(done: dict[str, int]) -> None:
    """Messages whose wake-up was lost, or whose worker was: the routing outbox is the row."""
    moment = now()
    since = oldest_waiting(moment)
    if since is not None and since < moment - UNROUTED_AFTER:
        errands.wake_routing()
        done["routing_woken"] += 1


def lose_agents(done: dict[str, int]) -> None:
    """Conversations of agents who have been offline past the grace go back to their old places."""
    assigned = Conversation.objects.filter(state=State.ASSIGNED).values_list("agent_id", "pk")
    offered = Offer.objects.filter(outcome__isnull=True).values_list("agent_id", "conversation_id")
    held: dict[int, list[UUID]] = defaultdict(list)
    for agent_id, conversation_id in [*assigned, *offered]:
        if agent_id is not None:
            held[agent_id].append(conversation_id)
    for agent_id in sorted(presence.lost_ids(held)):
        for conversation_id in held[agent_id]:
            try:
                done["agent_lost"] += actions.lose_agent(conversation_id=conversation_id, agent_id=agent_id)
            except (DatabaseError, ChatError, IllegalTransition) as error:
                log.warning("sweep: %s stays with agent %d: %s", conversation_id, agent_id, type(error).__name__)


def repair_queue(done: dict[str, int]) -> None:
    repaired = queue.repair() if queue.has_drifted() else 0
    if repaired:
        done["queue_repaired"] += repaired
        errands.send_dispatch()


def notice_presence(done: dict[str, int]) -> None:
    agent_actions.notice_presence()


def measure_handling(done: dict[str, int]) -> None:
    handling.measure()


STEPS = (
    act_on_deadlines,
    alert_promises,
    break_promises,
    alert_reach,
    route_forgotten,
    lose_agents,
    repair_queue,
    notice_presence,
    measure_handling,
)
