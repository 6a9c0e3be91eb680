"""Group commit: what arrives together is stored together, and nothing is acknowledged that is not stored."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import uuid4

import asyncpg
import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection

from chat import journal, lane
from chat import writer as writing
from chat.errors import Busy, ChatError, ClientIdReused, NotFound
from chat.journal import Outcome, Post, Stored
from chat.models import Customer, Message
from chat.writer import Writer
from tests.cast import conversation_of, says

WAITS_FOR_A_LOCK = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"

pytestmark = pytest.mark.django_db(transaction=True)


async def prepared(ana: Customer) -> list[Post]:
    await sync_to_async(says)(ana, "hello", "ana-000001")
    conversation = await sync_to_async(conversation_of)(ana)
    who = journal.author("customer", ana.id, str(ana))
    return [Post(conversation.id, who, f"ana-1{n:05}", f"text {n}") for n in range(300)]


async def test_posts_that_arrive_together_share_a_commit(ana: Customer) -> None:
    posts, writer = await prepared(ana), Writer()
    stored = await asyncio.gather(*(writer.post(post) for post in posts))
    await writer.close()
    assert [s.message.seq for s in stored] == list(range(2, 302))
    assert writer.batches <= 3
    assert await sync_to_async(Message.objects.count)() == 301


async def test_the_next_batch_leaves_before_the_last_is_answered(
    ana: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, is_sent = [], asyncio.Event()

    class Telling(lane.Lane):
        async def write(self, posts: Sequence[Post]) -> list[Outcome]:
            told.append("sent")
            is_sent.set()
            return await super().write(posts)

    monkeypatch.setattr(writing, "Lane", Telling)
    posts, writer = await prepared(ana), Writer()

    async def post(one: Post) -> int:
        stored = await writer.post(one)
        told.append("answered")
        return stored.message.seq

    first = asyncio.create_task(post(posts[0]))
    await is_sent.wait()
    assert list(await asyncio.gather(first, post(posts[1]))) == [2, 3]
    await writer.close()
    assert told == ["sent", "sent", "answered", "answered"]


async def test_a_refused_post_raises_for_its_sender_only(ana: Customer) -> None:
    posts, writer = await prepared(ana), Writer()
    foreign = Post(uuid4(), posts[0].author, "ana-000009", "nowhere")
    found = await asyncio.gather(
        writer.post(posts[0]), writer.post(foreign), writer.post(posts[1]), return_exceptions=True
    )
    await writer.close()
    assert isinstance(found[1], NotFound)
    assert [isinstance(f, ChatError) for f in found] == [False, True, False]


async def test_what_was_stored_before_is_answered_again_and_its_neighbours_are_stored(ana: Customer) -> None:
    posts, writer = await prepared(ana), Writer()
    first = await writer.post(posts[0])
    other = Post(posts[1].conversation_id, posts[1].author, posts[0].client_id, "other words")
    again, reused, new = await asyncio.gather(
        writer.post(posts[0]), writer.post(other), writer.post(posts[2]), return_exceptions=True
    )
    await writer.close()
    assert isinstance(again, Stored)
    assert (again.is_new, again.message) == (False, first.message)
    assert isinstance(reused, ClientIdReused)
    assert isinstance(new, Stored)
    assert (new.is_new, new.message.seq) == (True, 3)
    assert await sync_to_async(Message.objects.count)() == 3


async def test_a_stranger_in_the_batch_keeps_nobody_from_his_own_conversation(ana: Customer, dan: Customer) -> None:
    posts, writer = await prepared(ana), Writer()
    stranger = Post(posts[0].conversation_id, journal.author("customer", dan.id, "Dan"), "dan-000001", "hi")
    found = await asyncio.gather(*(writer.post(p) for p in (posts[0], stranger, posts[1])), return_exceptions=True)
    await writer.close()
    assert isinstance(found[1], NotFound)
    assert [one.message.seq for one in found if isinstance(one, Stored)] == [2, 3]


async def test_the_same_post_by_two_processes_at_once_is_one_message(ana: Customer) -> None:
    posts, writers = await prepared(ana), [Writer() for _ in range(4)]
    found = await asyncio.gather(*(writer.post(post) for post in posts[:40] for writer in writers))
    for writer in writers:
        await writer.close()
    seqs = {stored.message.client_id: stored.message.seq for stored in found}
    assert all(seqs[one.message.client_id] == one.message.seq for one in found)
    assert sorted(seqs.values()) == list(range(2, 42))
    assert sum(one.is_new for one in found) == 40


async def test_a_poisoned_row_fails_alone(ana: Customer) -> None:
    posts, writer = await prepared(ana), Writer()
    poison = Post(posts[0].conversation_id, posts[0].author, "ana-000009", "nul \x00 gets past nobody's check but ours")
    found = await asyncio.gather(
        writer.post(posts[0]), writer.post(poison), writer.post(posts[1]), return_exceptions=True
    )
    await writer.close()
    assert [isinstance(f, ChatError) for f in found] == [False, True, False]
    assert await sync_to_async(Message.objects.count)() == 3


async def test_a_cut_connection_is_made_anew_and_the_post_is_stored_once(ana: Customer) -> None:
    posts, writer = await prepared(ana), Writer()
    await writer.post(posts[0])

    def cut() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'supportdesk journal'"
            )

    await sync_to_async(cut)()
    assert (await writer.post(posts[1])).message.seq == 3
    await writer.close()


async def test_a_full_queue_answers_busy(ana: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    posts, writer = await prepared(ana), Writer()
    monkeypatch.setattr(writing, "QUEUE_MOST", 5)
    found = await asyncio.gather(*(writer.post(post) for post in posts[:8]), return_exceptions=True)
    await writer.close()
    assert [isinstance(f, Busy) for f in found] == [False] * 5 + [True] * 3
    refused = next(f for f in found if isinstance(f, Busy))
    assert refused.retry_after_ms


async def test_a_conversation_that_is_locked_keeps_no_other_waiting(
    ana: Customer, dan: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(lane.SESSION, "lock_timeout", "60000")
    monkeypatch.setitem(lane.SESSION, "statement_timeout", "60000")
    posts, writer = await prepared(ana), Writer()
    await sync_to_async(says)(dan, "hello", "dan-000001")
    his = (await sync_to_async(conversation_of)(dan)).id
    held = await asyncpg.connect(settings.DATABASE_URL, database=connection.settings_dict["NAME"])
    transaction = held.transaction()
    await transaction.start()
    await held.execute("SELECT 1 FROM chat_conversation WHERE id = $1 FOR UPDATE", posts[0].conversation_id)
    first = asyncio.create_task(writer.post(posts[0]))
    while not await held.fetchval(WAITS_FOR_A_LOCK):
        assert not first.done()
    behind = asyncio.create_task(writer.post(posts[1]))
    who = journal.author("customer", dan.id, "Dan")
    for number in range(writing.LANES):
        await writer.post(Post(his, who, f"dan-1{number:05}", "still there?"))
    assert not first.done()
    await transaction.rollback()
    await held.close()
    assert [(await each).message.seq for each in (first, behind)] == [2, 3]
    await writer.close()
