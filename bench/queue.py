"""The queue: 500 agents of mixed skills take from 500, 5,000 and 50,000 who wait; in this process, without Celery.

`filling`: all have room, and dispatch walks until they are full and so many go on waiting. `room`: then one has room
again, and what is timed is the walk until the next is offered to him. `handoff`: behind all who wait and whom nobody
suits, one is handed over for whom somebody is free; timed from the handoff to the offer.
Queries count all that an offer causes, its pushes too.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import cycle
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction

from agents import presence
from agents.models import Agent, Availability, Skill
from bench.rows import Row, rank
from bench.stage import Stage
from chat import actions
from chat.facts import DESK
from chat.lifecycle import Owner, Reason, State
from chat.models import WAITING, Conversation, Customer, Inbox, Offer
from routing import queue
from routing.dispatch import dispatch
from supportdesk.clock import now

LENGTHS = (500, 5_000, 50_000)
AGENTS, CAPACITY, FREED, HANDED = 500, 1, 100, 100
SPARE = "rare"
"""A skill that only those have who are free for `handoff`."""
SKILLS = ("fraud", "returns", "payments", "lamps")
LASTS = timedelta(days=1)
BATCH = 5_000

Tell = Callable[[str], None]


def run(stage: Stage, report: Tell, rounds: int = 1) -> list[Row]:
    found = []
    for waiting in LENGTHS:
        for _ in range(rounds):
            clear()
            agents = hired(AGENTS)
            wait(waiting + AGENTS * CAPACITY, Inbox.objects.create(name="bench queue"))
            rows = [filling(agents, waiting), room(agents, waiting), handoff(agents, waiting)]
            report("  " + "; ".join(f"{one.name}: {one.value} {one.unit}" for one in rows))
        found += rows
    clear()
    return found


def clear() -> None:
    """Whoever waits from an earlier bench would be taken, too; and none of its agents is there any more."""
    Offer.objects.filter(outcome__isnull=True).update(outcome=Offer.Outcome.CANCELLED, outcome_at=now())
    Conversation.objects.filter(state__in=WAITING).update(
        state=State.CLOSED, owner=None, deadline=None, closed_at=now()
    )
    Agent.objects.update(availability=Availability.AWAY)
    queue.rebuild()


@transaction.atomic
def hired(many: int, names: Sequence[str] = SKILLS, language: str = "en") -> list[Agent]:
    skills = [Skill.objects.get_or_create(name=name)[0] for name in names]
    batch = secrets.token_hex(4)
    users = User.objects.bulk_create(User(username=f"queue-{batch}-{n}") for n in range(many))
    agents = Agent.objects.bulk_create(
        Agent(
            user=user, name=f"Agent {n}", capacity=CAPACITY, availability=Availability.AVAILABLE, languages=[language]
        )
        for n, user in enumerate(users)
    )
    for n, agent in enumerate(agents):
        agent.skills.add(skills[n % len(skills)], skills[(n + 1) % len(skills)])
    return agents


def wait(many: int, inbox: Inbox) -> None:
    """Half need one of the skills; the order is that of their numbers."""
    moment, needs = now(), cycle([[], ["fraud"], [], ["returns"], [], ["payments"], [], ["lamps"]])
    for start in range(0, many, BATCH):
        customers = Customer.objects.bulk_create(Customer(inbox=inbox) for _ in range(min(BATCH, many - start)))
        Conversation.objects.bulk_create(
            Conversation(
                inbox=inbox, customer=customer, state=State.QUEUED, owner=Owner.QUEUE, deadline=moment + LASTS,
                waiting_since=moment - LASTS + timedelta(milliseconds=start + n), need_skills=next(needs),
            )
            for n, customer in enumerate(customers)
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE chat_conversation")
    queue.rebuild()


def filling(agents: list[Agent], waiting: int) -> Row:
    there(agents)
    with counted() as queries:
        begun = time.perf_counter()
        made = 0
        while offers := dispatch():
            made += offers
        seconds = time.perf_counter() - begun
    return _row(f"filling, {waiting} wait", made, seconds, [], queries[0])


def room(agents: list[Agent], waiting: int) -> Row:
    """A live offer ends; its agent has room; the head of the queue is his."""
    live = list(Offer.objects.filter(outcome__isnull=True).order_by("id").values_list("conversation_id", flat=True))
    times, queries, made = [], 0, 0
    for conversation_id in live[:FREED]:
        actions.close(conversation_id=conversation_id, actor=DESK, why="bench")
        there(agents)
        with counted() as asked:
            begun = time.perf_counter()
            made += dispatch()
            times.append((time.perf_counter() - begun) * 1000)
        queries += asked[0]
    return _row(f"room, {waiting} wait", made, sum(times) / 1000, times, queries)


def handoff(agents: list[Agent], waiting: int) -> Row:
    spare = hired(HANDED, (SPARE,), language="de")
    inbox = Inbox.objects.create(name="bench handoff")
    # He is full and, so soon, still waited for.
    Conversation.objects.filter(state=State.QUEUED).update(need_agent=agents[0], waiting_since=now())
    queue.rebuild()
    times, queries, made = [], 0, 0
    for _ in spare:
        customer = Customer.objects.create(inbox=inbox)
        conversation_id = actions.conversation_to_write_in(customer_id=customer.id)
        there([*agents, *spare])
        with counted() as asked:
            begun = time.perf_counter()
            actions.hand_off(conversation_id=conversation_id, reason=Reason.POLICY, why="bench", skills=[SPARE])
            made += dispatch()
            times.append((time.perf_counter() - begun) * 1000)
        queries += asked[0]
    return _row(f"handoff, {waiting} wait", made, sum(times) / 1000, times, queries)


def there(agents: list[Agent]) -> None:
    presence.heard_many((agent.id, "bench") for agent in agents)


@contextmanager
def counted() -> Iterator[list[int]]:
    seen = [0]

    def count(execute: Callable[..., Any], *call: Any) -> Any:
        seen[0] += 1
        return execute(*call)

    with connection.execute_wrapper(count):
        yield seen


def _row(name: str, made: int, seconds: float, times: list[float], queries: int) -> Row:
    ordered = sorted(times)
    p50, p95, p99 = (round(rank(ordered, share), 2) if ordered else None for share in (0.5, 0.95, 0.99))
    more = {"offers": float(made), "queries per offer": round(queries / max(1, made), 2)}
    if p95 is not None:
        more["p95_ms"] = p95
    return Row(name, round(made / seconds, 1), "offers/s", p50, p99, 1, more)
