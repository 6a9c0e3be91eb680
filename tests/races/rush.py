"""One round of a rush: ten dispatchers, agents who accept, decline and resolve, a sweeper, a Redis that is flushed.

With mortals the agents act through web processes, and workers dispatch and sweep beside the threads; both are killed.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Flag
from uuid import UUID

import httpx
from django.db import connection

from agents import presence
from agents.models import Agent
from chat import actions
from chat.errors import ChatError
from chat.facts import DESK
from chat.lifecycle import IllegalTransition, State
from chat.models import Conversation, Inbox, Offer
from integrations import tokens
from routing import errands
from routing.dispatch import dispatch
from routing.sweeper import sweep
from supportdesk.redis import redis
from tests.cast import make_agent
from tests.floor import waits
from tests.races.floor_of_three import nobody_is_offered_twice
from tests.races.mortals import Mortals
from tests.races.tally import Tally

ROUNDS = int(os.environ.get("RACE_ROUNDS", "1"))
IS_LONG = ROUNDS > 1
KILLING = ROUNDS // 5
"""Rounds in which web and worker processes are killed by -9."""
DISPATCHERS, CONVERSATIONS, AGENTS = 10, 200 if IS_LONG else 30, 20 if IS_LONG else 6
STUCK_AFTER_S = 60
"""Without any conversation coming to its end."""
KILL_EVERY_S = 1.0
KILLS_LEAST = 4
"""In a round with killing; customers go on coming until then."""
MORE = 40
LOST_S = 5.0
"""An agent's request to a process that was killed meanwhile."""
OVERFULL = """
SELECT a.name, a.capacity, sum(held.units), count(*) FROM agents_agent a JOIN (
  SELECT agent_id, units FROM chat_conversation WHERE state = 'assigned'
  UNION ALL SELECT o.agent_id, c.units FROM chat_offer o JOIN chat_conversation c ON c.id = o.conversation_id
    WHERE o.outcome IS NULL) held ON held.agent_id = a.id
GROUP BY a.id HAVING count(*) > 1 AND sum(held.units) > a.capacity
"""
TWICE = "SELECT conversation_id FROM chat_offer WHERE outcome IS NULL GROUP BY 1 HAVING count(*) > 1"


class Rush:
    """One round. Every worker goes on until nobody is left; whoever loses a race just goes on."""

    def __init__(self, inbox: Inbox, seed: int, mortals: Mortals | None) -> None:
        self.inbox, self.mortals, self.tally = inbox, mortals, Tally()
        self.random = random.Random(seed)
        self.over = Flag()
        self.http = httpx.Client(timeout=LOST_S)
        self.killed_before = dict(mortals.killed) if mortals else {}
        self.agents = [make_agent(f"agent-{seed}-{n}", capacity=1 + n % 3) for n in range(AGENTS)]
        self.tokens = {
            agent.id: tokens.create(name=agent.name, scopes=["read", "write"], agent=agent)
            for agent in (self.agents if mortals else [])
        }
        self.come(CONVERSATIONS)

    def come(self, count: int) -> None:
        for n in range(count):
            waits(self.inbox, since_s=n, units=1 + n % 2, priority=n % 5)
        self.tally.conversations += count

    def run(self) -> Tally:
        workers = [*[self.dispatches] * DISPATCHERS, self.sweeps, self.flushes, self.watches]
        workers += [self.answers] * (8 if self.mortals else 2)
        workers += [self.kills] if self.mortals else []
        self._heard()
        began = time.monotonic()
        with ThreadPoolExecutor(len(workers)) as pool:
            running = [pool.submit(self._again, worker) for worker in workers]
            moved, ended = began, 0
            while not self._is_done() and not any(one.done() for one in running):
                closed = Conversation.objects.filter(state=State.CLOSED).count()
                if closed > ended:
                    moved, ended = time.monotonic(), closed
                if time.monotonic() > moved + STUCK_AFTER_S:
                    break
                time.sleep(0.1)
            self.over.set()
            for one in running:
                one.result()
        self.tally.seconds = time.monotonic() - began
        self.tally.stuck = Conversation.objects.open().count()
        nobody_is_offered_twice()
        self._count()
        Agent.objects.update(availability="away")
        return self.tally

    def _is_done(self) -> bool:
        waiting = Conversation.objects.open().count()
        if self.mortals and sum(self.mortals.killed.values()) - sum(self.killed_before.values()) < KILLS_LEAST:
            if waiting < MORE:
                self.come(MORE)
            return False
        return waiting == 0

    def _count(self) -> None:
        outcomes = list(Offer.objects.values_list("outcome", flat=True))
        self.tally.offers = len(outcomes)
        self.tally.accepted = outcomes.count(Offer.Outcome.ACCEPTED)
        self.tally.declined = outcomes.count(Offer.Outcome.DECLINED)
        if self.mortals:
            self.tally.web_killed = self.mortals.killed["web"] - self.killed_before["web"]
            self.tally.workers_killed = self.mortals.killed["worker"] - self.killed_before["worker"]

    def _again(self, worker: Callable[[], None]) -> None:
        try:
            while not self.over.is_set():
                worker()
        finally:
            connection.close()

    def dispatches(self) -> None:
        """Who has found nobody free looks again a little later, as all ten do: then they run into each other."""
        if not dispatch():
            self.over.wait(0.1)

    def answers(self) -> None:
        """Agents accept most offers, decline some, and resolve what they have."""
        for live in Offer.objects.filter(outcome=None).select_related("agent").order_by("?")[:5]:
            verb = "decline" if self.random.random() < 0.1 else "accept"
            self._acts(verb, live.conversation_id, live.agent)
        for row in Conversation.objects.filter(state=State.ASSIGNED).select_related("agent").order_by("?")[:5]:
            assert row.agent is not None
            self._acts("close", row.id, row.agent)

    def _acts(self, verb: str, conversation_id: UUID, agent: Agent) -> None:
        """By the verb itself, or through a web process, which may be killed before or after it has done it."""
        if self.mortals:
            self._asks(verb, conversation_id, agent)
            return
        known = {"actor": DESK} if verb == "close" else {}
        try:
            getattr(actions, verb)(conversation_id=conversation_id, agent=agent, **known)
        except (ChatError, IllegalTransition):
            return

    def _asks(self, verb: str, conversation_id: UUID, agent: Agent) -> None:
        assert self.mortals is not None
        try:
            answer = self.http.post(
                f"{self.mortals.address()}/api/v1/conversations/{conversation_id}/{verb}/", json={},
                headers={"Authorization": f"Bearer {self.tokens[agent.id]}"}, timeout=LOST_S,
            )  # fmt: skip
        except httpx.TransportError:
            self.tally.requests_lost += 1
            return
        assert answer.status_code in (200, 403, 404, 409, 503), (verb, answer.status_code, answer.text)

    def sweeps(self) -> None:
        """In a round with killing the workers do it; this is their beat."""
        if self.mortals:
            errands.send("sweep")
            errands.send("drain_queue")
        else:
            sweep()
        self.over.wait(0.3)

    def flushes(self) -> None:
        redis().flushdb()
        self._heard()
        self.tally.redis_flushed += 1
        self.over.wait(0.3)

    def _heard(self) -> None:
        presence.heard_many((agent.id, "tab") for agent in self.agents)

    def watches(self) -> None:
        """One statement sees one moment: whatever it finds was committed so."""
        with connection.cursor() as cursor:
            cursor.execute(OVERFULL)
            self.tally.over_capacity += len(cursor.fetchall())
            cursor.execute(TWICE)
            self.tally.offered_twice += len(cursor.fetchall())
        self.tally.looks += 1
        self.over.wait(0.05)

    def kills(self) -> None:
        assert self.mortals is not None
        self.over.wait(KILL_EVERY_S * (0.5 + self.random.random()))
        if not self.over.is_set():
            self.mortals.kill_one()
