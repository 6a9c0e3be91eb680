"""The rig can fail: with one thing wrong on purpose, between a client and the desk or in its database, it says so."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString
from uuid import uuid4

import psycopg
import pytest

from supportdesk.rehearsal.wire import Data
from tests.desk import until
from tests.faults import truth
from tests.faults.checker import check, forgotten
from tests.faults.customer import QUESTIONS, Customer
from tests.faults.inject import TERMINATE
from tests.faults.liar import Lie, Side, passes_on, relay
from tests.faults.player import Address
from tests.faults.records import Log
from tests.faults.rig import Hired, Rig
from tests.faults.run import Run
from tests.faults.schedule import Fault

pytestmark = pytest.mark.fault
Frames = list[tuple[Side, Data]]


async def talked(rig: Rig, lie: Lie = passes_on) -> Log:
    """Ana says four things and asks for a person, through a relay that may lie, and looks back."""
    async with relay(f"http://127.0.0.1:{rig.ports[1]}", lie) as url:
        ana = Customer.number(1, Address(url, rig.site_key, time.monotonic()), seed=1)
        async with ana.link:
            for text in QUESTIONS[:4]:
                await ana.say(text)
            await ana.ask_for_a_person()
            await ana.rest()
            await ana.look_back()
            return ana.log()


def kinds(rig: Rig, log: Log, link: psycopg.Connection[Any] | None = None) -> set[str]:
    if link is None:
        with rig.database() as link:
            return kinds(rig, log, link)
    return {
        violation.kind for violation in check([log], truth.look(link, {view.conversation_id for view in log.views}))
    }


async def test_an_honest_relay_is_no_fault(rig: Rig) -> None:
    assert kinds(rig, await talked(rig)) == set()


# --- Between client and desk ------------------------------------------------------------------------------------------


class Forger:
    """Answers the third post itself; it never reaches the desk."""

    posts = 0
    answer: Data

    def __call__(self, sender: Side, frame: Data) -> Frames:
        if sender == "server" and frame.get("ok") and "posted_at" in frame["data"]:
            self.answer = frame["data"]
        if sender == "client" and frame["type"] == "message.post":
            self.posts += 1
            if self.posts == 3:
                forged = {**self.answer, "client_id": frame["data"]["client_id"], "seq": self.answer["seq"] + 1}
                return [("client", {"id": frame["id"], "ok": True, "data": forged})]
        return passes_on(sender, frame)


def doubles(sender: Side, frame: Data) -> Frames:
    """Sends every post a second time, under another name."""
    if sender == "client" and frame["type"] == "message.post":
        other = {**frame, "id": 10**9, "data": {**frame["data"], "client_id": uuid4().hex}}
        return [*passes_on(sender, frame), *passes_on(sender, other)]
    return passes_on(sender, frame)


def hides(sender: Side, frame: Data) -> Frames:
    """Keeps the customer's second message from ever coming back, by push or by join."""
    if frame.get("type") == "message.posted" and frame["data"]["seq"] == 2:
        return []
    if sender == "server" and frame.get("ok") and "messages" in frame["data"]:
        kept = [message for message in frame["data"]["messages"] if message["seq"] != 2]
        return passes_on(sender, {**frame, "data": {**frame["data"], "messages": kept}})
    return passes_on(sender, frame)


def goes_back_in_time(sender: Side, frame: Data) -> Frames:
    """Answers every join with the conversation's first version."""
    if sender == "server" and frame.get("ok") and "messages" in frame["data"]:
        first = {**frame["data"]["conversation"], "version": 1}
        return passes_on(sender, {**frame, "data": {**frame["data"], "conversation": first}})
    return passes_on(sender, frame)


@pytest.mark.parametrize(
    ("lie", "kind"),
    [
        (Forger(), "lost"),
        (doubles, "doubled"),
        (doubles, "invented"),
        (hides, "unseen"),
        (goes_back_in_time, "regressed"),
    ],
)
async def test_a_lie_on_the_way_is_found(rig: Rig, lie: Lie, kind: str) -> None:
    assert kind in kinds(rig, await talked(rig, lie))


# --- In the database: done in a transaction that is rolled back, so the desk never sees it ---------------------------

OWN: LiteralString = (
    "SELECT seq FROM chat_message WHERE conversation_id = %(id)s AND author_kind = 'customer' ORDER BY seq"
)
DAMAGE: list[tuple[list[LiteralString], str]] = [
    (["DELETE FROM chat_message WHERE conversation_id = %(id)s AND seq = 1"], "lost"),
    (
        [
            "UPDATE chat_message SET seq = 9000 WHERE conversation_id = %(id)s AND seq = %(first)s",
            "UPDATE chat_message SET seq = %(first)s WHERE conversation_id = %(id)s AND seq = %(second)s",
            "UPDATE chat_message SET seq = %(second)s WHERE conversation_id = %(id)s AND seq = 9000",
        ],
        "out of order",
    ),
    (
        [
            "INSERT INTO chat_message (conversation_id, seq, author_kind, author_id, author_name, client_id, text, "
            "sources, posted_at) SELECT conversation_id, 9000, author_kind, author_id, author_name, 'second-name', "
            "text, sources, posted_at FROM chat_message WHERE conversation_id = %(id)s AND seq = 1"
        ],
        "doubled",
    ),
    (
        [
            "ALTER TABLE chat_conversation DROP CONSTRAINT conversation_state_has_its_owner",
            "UPDATE chat_conversation SET owner = NULL WHERE id = %(id)s",
        ],
        "unowned",
    ),
    (
        [
            "ALTER TABLE chat_conversation DROP CONSTRAINT conversation_open_has_a_deadline",
            "UPDATE chat_conversation SET deadline = NULL WHERE id = %(id)s",
        ],
        "unowned",
    ),
    (
        [
            "UPDATE agents_agent SET capacity = 0",
            "INSERT INTO chat_offer (conversation_id, agent_id, why, offered_at, expires_at, outcome_reason) "
            "SELECT %(id)s, id, '', now(), now(), '' FROM agents_agent LIMIT 1",
        ],
        "over capacity",
    ),
]


@pytest.mark.parametrize(("statements", "kind"), DAMAGE)
async def test_damage_in_the_database_is_found(rig: Rig, statements: list[LiteralString], kind: str) -> None:
    log = await talked(rig)
    (view,) = log.views
    with rig.database() as link, link.transaction(force_rollback=True):
        own = link.execute(OWN, {"id": view.conversation_id}).fetchall()  # the bot's may stand between them
        for statement in statements:
            link.execute(statement, {"id": view.conversation_id, "first": own[0][0], "second": own[1][0]})
        assert kind in kinds(rig, log, link)


# --- A store that says "stored" too early ----------------------------------------------------------------------------


@contextmanager
def forgetful(rig: Rig) -> Iterator[None]:
    """PostgreSQL answers a commit before it is written down, and takes its time to write it down."""
    early = (
        "ALTER DATABASE supportdesk SET synchronous_commit = off",
        "ALTER SYSTEM SET wal_writer_delay = '10s'",
    )
    late = ("ALTER DATABASE supportdesk RESET synchronous_commit", "ALTER SYSTEM RESET wal_writer_delay")
    with rig.database() as link:
        for statement in (*early, "SELECT pg_reload_conf()", TERMINATE):
            link.execute(statement)
    try:
        yield
    finally:
        with rig.database() as link:
            for statement in (*late, "SELECT pg_reload_conf()", TERMINATE):
                link.execute(statement)


async def test_an_acknowledgement_before_the_commit_is_found_when_postgresql_dies(rig: Rig, hired: list[Hired]) -> None:
    with forgetful(rig):
        outcome = await Run(rig, hired, seed=1, faults=[Fault(3.0, "kill", "postgres")], calm_s=0.0).play()
    assert "lost" in {violation.kind for violation in outcome.violations}


# --- Processes that stand still --------------------------------------------------------------------------------------


@contextmanager
def standing_still(rig: Rig, name: str) -> Iterator[None]:
    stopped = rig.process(name)
    stopped.suspend()
    try:
        yield
    finally:
        stopped.resume()


async def test_a_deadline_that_nobody_acts_on_is_found_and_acted_on_later(rig: Rig) -> None:
    log = await talked(rig)

    def is_found(link: psycopg.Connection[Any]) -> bool:
        """False where the desk itself was just writing to the conversation."""
        try:
            with link.transaction():
                link.execute(
                    "UPDATE chat_conversation SET deadline = now() - interval '1 minute' WHERE id = %s",
                    [log.views[0].conversation_id],
                )
                assert "overdue" in kinds(rig, log, link)
        except psycopg.errors.SerializationFailure:
            return False
        return True

    with rig.database() as link:
        with standing_still(rig, "beat"):
            until(lambda: is_found(link), 10, "the desk does not come to rest")
        until(lambda: not forgotten(truth.look(link)), 30, "the sweeper does not go on")


async def test_a_message_that_nobody_routes_is_found_and_routed_later(rig: Rig) -> None:
    with rig.database() as link:
        with standing_still(rig, "worker"):
            ana = Customer.number(
                2, Address(f"http://127.0.0.1:{rig.ports[0]}", rig.site_key, time.monotonic()), seed=1
            )
            async with ana.link:
                await ana.say(QUESTIONS[0])
            link.execute(
                "UPDATE chat_conversation SET to_route_since = now() - interval '10 s' WHERE id = %s", [ana.current]
            )
            assert "unrouted" in kinds(rig, ana.log(), link)
        until(lambda: not forgotten(truth.look(link)), 30, "the worker does not go on")
