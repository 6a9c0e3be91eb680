"""A rush on real PostgreSQL: ten dispatchers, agents who accept, decline and resolve, a sweeper, a flushed Redis.

`make races` repeats it with 200 conversations and 20 agents, and with dispatchers killed by -9 in the middle.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Flag

import pytest
from django.conf import settings
from django.db import connection

from agents import presence
from agents.models import Agent
from chat import actions
from chat.errors import ChatError
from chat.facts import DESK
from chat.lifecycle import IllegalTransition, State
from chat.models import Conversation, Inbox, Offer
from routing.dispatch import dispatch
from routing.sweeper import sweep
from supportdesk.redis import redis
from tests.cast import make_agent
from tests.floor import flushed, waits
from tests.races.floor_of_three import nobody_is_offered_twice

__all__ = ["flushed"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("flushed"), pytest.mark.timeout(3600)]

ROUNDS = int(os.environ.get("RACE_ROUNDS", "1"))
IS_LONG = ROUNDS > 1
DISPATCHERS, CONVERSATIONS, AGENTS = 10, 200 if IS_LONG else 30, 20 if IS_LONG else 6
STUCK_AFTER_S = 120
KILLED = 3
"""Dispatchers that are processes of their own, killed again and again."""
OVERFULL = """
SELECT a.name, a.capacity, sum(held.units), count(*) FROM agents_agent a JOIN (
  SELECT agent_id, units FROM chat_conversation WHERE state = 'assigned'
  UNION ALL SELECT o.agent_id, c.units FROM chat_offer o JOIN chat_conversation c ON c.id = o.conversation_id
    WHERE o.outcome IS NULL) held ON held.agent_id = a.id
GROUP BY a.id HAVING count(*) > 1 AND sum(held.units) > a.capacity
"""
TWICE = "SELECT conversation_id FROM chat_offer WHERE outcome IS NULL GROUP BY 1 HAVING count(*) > 1"
DISPATCHER = "import django; django.setup(); from routing.dispatch import dispatch\nwhile True: dispatch()"


class Rush:
    """One round. Every worker goes on until nobody is left; whoever loses a race just goes on."""

    def __init__(self, inbox: Inbox, seed: int, *, with_kills: bool) -> None:
        self.random = random.Random(seed)
        self.over = Flag()
        self.agents = [make_agent(f"agent-{seed}-{n}", capacity=1 + n % 3) for n in range(AGENTS)]
        for n in range(CONVERSATIONS):
            waits(inbox, since_s=n, units=1 + n % 2, priority=n % 5)
        self.with_kills = with_kills

    def run(self) -> None:
        workers = [
            *[self.dispatches] * DISPATCHERS,
            self.answers,
            self.answers,
            self.sweeps,
            self.flushes,
            self.watches,
        ]
        workers += [self.kills] if self.with_kills else []
        self._heard()
        with ThreadPoolExecutor(len(workers)) as pool:
            ends = time.monotonic() + STUCK_AFTER_S
            running = [pool.submit(self._again, worker) for worker in workers]
            while Conversation.objects.open().exists() and not any(one.done() for one in running):
                if time.monotonic() > ends:
                    break
                time.sleep(0.05)
            self.over.set()
            for one in running:
                one.result()
        left = list(Conversation.objects.open().values_list("state", flat=True))
        assert not left, f"stuck: {left}"
        nobody_is_offered_twice()
        Agent.objects.update(availability="away")

    def _again(self, worker: Callable[[], None]) -> None:
        try:
            while not self.over.is_set():
                worker()
        finally:
            connection.close()

    def dispatches(self) -> None:
        dispatch()
        self.over.wait(0.01)

    def answers(self) -> None:
        """Agents accept most offers, decline some, and resolve what they have."""
        for live in Offer.objects.filter(outcome=None).select_related("agent").order_by("?")[:5]:
            verb = actions.decline if self.random.random() < 0.1 else actions.accept
            self._try(verb, conversation_id=live.conversation_id, agent=live.agent)
        for row in Conversation.objects.filter(state=State.ASSIGNED).select_related("agent").order_by("?")[:5]:
            self._try(actions.close, conversation_id=row.id, actor=DESK, agent=row.agent)

    def _try(self, verb: Callable[..., object], **asked: object) -> None:
        try:
            verb(**asked)
        except (ChatError, IllegalTransition):
            return

    def sweeps(self) -> None:
        sweep()
        self.over.wait(0.2)

    def flushes(self) -> None:
        redis().flushdb()
        self._heard()
        self.over.wait(0.3)

    def _heard(self) -> None:
        presence.heard_many((agent.id, "tab") for agent in self.agents)

    def watches(self) -> None:
        """One statement sees one moment: whatever it finds was committed so."""
        with connection.cursor() as cursor:
            for question in (OVERFULL, TWICE):
                cursor.execute(question)
                found = cursor.fetchall()
                assert not found, (question.split()[1], found)
        self.over.wait(0.02)

    def kills(self) -> None:
        """Processes that dispatch beside the threads, killed wherever they are."""
        database = settings.DATABASES["default"]
        url = os.environ["DATABASE_URL"].rsplit("/", 1)
        environment = {**os.environ, "DATABASE_URL": f"{url[0]}/{_with_name(url[1], str(database['NAME']))}"}
        started = [
            subprocess.Popen([sys.executable, "-c", DISPATCHER], env=environment, stderr=subprocess.DEVNULL)
            for _ in range(KILLED)
        ]
        for process in started:
            self.over.wait(2 + self.random.random() * 3)
            assert process.poll() is None, "it ended by itself"
            process.kill()
            process.wait()


def _with_name(name: str, wanted: str) -> str:
    _, mark, options = name.partition("?")
    return f"{wanted}{mark}{options}"


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_rush_doubles_nothing_overfills_nobody_and_leaves_none_behind(inbox: Inbox, seed: int) -> None:
    Rush(inbox, seed, with_kills=IS_LONG and seed % 5 == 0).run()
