"""Messages are stored once, in order, without gaps, and only where their author may write."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from agents.models import Agent
from chat import actions, journal
from chat.entries import Who
from chat.errors import ClientIdReused, ConversationClosed, NotAssigned, NotFound, Stale
from chat.facts import Actor
from chat.journal import Post, Stored
from chat.lane import SESSION
from chat.lifecycle import State
from chat.models import Conversation, Customer, Message
from supportdesk.clock import now
from tests.cast import assigned, conversation_of, offered, queued, replies, says


def by(customer: Customer) -> Who:
    return journal.author("customer", customer.id, str(customer))


def test_seq_has_no_gaps_and_follows_the_order_of_the_batch(ana: Customer) -> None:
    says(ana, "one", "ana-000001")
    where = conversation_of(ana).id
    found = journal.write([Post(where, by(ana), f"ana-1{n:05}", f"text {n}") for n in range(20)])
    assert [o.message.seq for o in found if isinstance(o, Stored)] == list(range(2, 22))
    assert list(Message.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 22))
    assert conversation_of(ana).last_seq == 21


def test_the_same_client_id_gets_the_same_answer(ana: Customer) -> None:
    first, again = says(ana, "hello", "ana-000001"), says(ana, "hello", "ana-000001")
    assert (first.is_new, again.is_new) == (True, False)
    assert first.message.seq == again.message.seq == 1
    assert first.message.posted_at == again.message.posted_at
    assert Message.objects.count() == 1


def test_the_same_client_id_twice_in_one_batch_is_one_message(ana: Customer) -> None:
    says(ana, "hello", "ana-000001")
    where = conversation_of(ana).id
    found = journal.write([Post(where, by(ana), "ana-000002", "twice")] * 2 + [Post(where, by(ana), "ana-000003", "x")])
    assert [o.message.seq for o in found if isinstance(o, Stored)] == [2, 2, 3]
    assert Message.objects.count() == 3


def test_a_client_id_with_another_text_is_refused(ana: Customer) -> None:
    says(ana, "hello", "ana-000001")
    with pytest.raises(ClientIdReused):
        says(ana, "good-bye", "ana-000001")
    assert Message.objects.get().text == "hello"


def test_an_author_cannot_take_the_client_ids_of_another(ana: Customer, bob: Agent) -> None:
    conversation = assigned(ana, bob)
    says(ana, "mine", "shared-00001")
    assert replies(bob, conversation.id, "mine too", "shared-00001").is_new


def test_a_stranger_is_told_what_one_is_told_of_nothing(ana: Customer, dan: Customer) -> None:
    says(ana, "hello", "ana-000001")
    where = conversation_of(ana).id
    foreign, unknown = journal.write(
        [Post(where, by(dan), "dan-000001", "hi"), Post(uuid4(), by(dan), "dan-000001", "hi")]
    )
    assert isinstance(foreign, NotFound)
    assert isinstance(unknown, NotFound)
    assert Message.objects.count() == 1


def test_a_refused_row_does_not_take_its_batch_along(ana: Customer, dan: Customer) -> None:
    says(ana, "hello", "ana-000001")
    where = conversation_of(ana).id
    found = journal.write([Post(where, by(dan), "dan-000001", "no"), Post(where, by(ana), "ana-000002", "yes")])
    assert isinstance(found[0], NotFound)
    assert isinstance(found[1], Stored)
    assert found[1].message.seq == 2


def test_nothing_is_stored_in_a_closed_conversation_but_a_repeated_message_is_still_answered(ana: Customer) -> None:
    says(ana, "hello", "ana-000001")
    where = conversation_of(ana).id
    actions.close(conversation_id=where, actor=Actor("customer", str(ana.id)))
    again, late = journal.write(
        [Post(where, by(ana), "ana-000001", "hello"), Post(where, by(ana), "ana-000002", "late")]
    )
    assert isinstance(again, Stored)
    assert not again.is_new
    assert isinstance(late, ConversationClosed)


def test_only_the_assignee_writes_to_the_customer(ana: Customer, bob: Agent, carol: Agent) -> None:
    conversation = offered(ana, bob)
    with pytest.raises(NotAssigned):
        replies(bob, conversation.id, "too early", "bob-000001")
    actions.accept(conversation_id=conversation.id, agent=bob)
    replies(bob, conversation.id, "hello", "bob-000002")
    with pytest.raises(NotAssigned):
        replies(carol, conversation.id, "me too", "carol-00001")


def test_bot_stays_silent_after_a_human_takes_over(ana: Customer, bob: Agent) -> None:
    conversation = assigned(ana, bob)
    with pytest.raises(Stale):
        journal.write_one(Post(conversation.id, journal.author_of_bot("Lumen & Oak"), "turn-9", "let me help"))


def test_text_is_kept_exactly(ana: Customer) -> None:
    odd = "  Grüße 👩‍👩‍👧‍👦 \u202eabc\u202c שלום e\u0301 \t\r\n'; DROP TABLE x; -- {}%s "
    says(ana, odd, "ana-000001")
    assert Message.objects.get().text == odd


def test_a_message_to_the_bot_sets_outbox_and_deadline_once_until_routed(ana: Customer) -> None:
    says(ana, "first", "ana-000001")
    first = conversation_of(ana)
    assert (first.to_route_seq, first.routed_seq) == (1, 0)
    assert first.deadline is not None
    assert abs(first.deadline - now() - timedelta(seconds=first.inbox.bot_turn_s)) < timedelta(seconds=2)
    says(ana, "second", "ana-000002")
    second = conversation_of(ana)
    assert second.to_route_seq == 2
    assert (second.deadline, second.to_route_since) == (first.deadline, first.to_route_since)


def test_a_message_in_the_queue_moves_neither_deadline_nor_outbox(ana: Customer) -> None:
    before = queued(ana)
    says(ana, "still here", "ana-000002")
    after = conversation_of(ana)
    assert (after.deadline, after.to_route_seq) == (before.deadline, before.to_route_seq)


def test_replies_move_the_deadline_between_agent_and_customer(ana: Customer, bob: Agent) -> None:
    conversation = assigned(ana, bob)

    def left_s() -> float:
        deadline = conversation_of(ana).deadline
        assert deadline is not None
        return (deadline - now()).total_seconds()

    assert left_s() == pytest.approx(conversation.inbox.first_reply_s, abs=2)
    says(ana, "anyone?", "ana-000002")
    assert left_s() == pytest.approx(conversation.inbox.first_reply_s, abs=2)
    replies(bob, conversation.id, "here", "bob-000001")
    assert left_s() == pytest.approx(conversation.inbox.idle_s, abs=2)
    says(ana, "great", "ana-000003")
    assert left_s() == pytest.approx(conversation.inbox.reply_s, abs=2)
    says(ana, "hm", "ana-000004")
    assert left_s() == pytest.approx(conversation.inbox.reply_s, abs=2)


def test_a_batch_costs_three_statements(ana: Customer, django_assert_num_queries: Callable[..., object]) -> None:
    says(ana, "hello", "ana-000001")
    where = conversation_of(ana).id
    with django_assert_num_queries(3):  # type: ignore[attr-defined]  # a context manager
        journal.write([Post(where, by(ana), f"ana-1{n:05}", "x") for n in range(50)])


def test_two_agents_and_a_stranger_in_one_batch_are_judged_one_by_one(ana: Customer, bob: Agent, carol: Agent) -> None:
    conversation = assigned(ana, bob)
    Conversation.objects.filter(pk=conversation.pk).update(beside=[carol.pk])
    dan = journal.author("agent", carol.pk + 1, "Dan")
    both = [journal.author("agent", one.pk, one.name) for one in (bob, carol)]
    found = journal.write([Post(conversation.id, who, f"agent-{n:05}", "hi") for n, who in enumerate([*both, dan])])
    assert [isinstance(one, Stored) for one in found] == [True, True, False]
    assert isinstance(found[2], NotAssigned)


def test_locks_are_taken_in_the_order_of_ids_whatever_the_tables_hold(ana: Customer) -> None:
    """The plan with the writer's settings, for tables as empty as a new desk's."""
    says(ana, "hello", "ana-000001")
    batch = journal.Batch([Post(conversation_of(ana).id, by(ana), "ana-000002", "x")])
    types = "uuid[],int[],int[],int[],int[],text[],text[],timestamptz,uuid[],int[]" + ",text[]" * 7
    with connection.cursor() as cursor:
        for name, value in SESSION.items():
            cursor.execute(f"SET LOCAL {name} = '{value}'")
        cursor.execute(f"PREPARE stored ({types}) AS {journal.STORE}")
        given = ", ".join(["%s"] * len(batch.to_store()))
        cursor.execute(f"EXPLAIN (COSTS OFF) EXECUTE stored({given})", batch.to_store())
        plan = [line.strip() for (line,) in cursor.fetchall()]
    update = plan.index("->  Update on chat_conversation c")
    leading = next(line for line in plan[update:] if "Scan" in line)
    assert leading in ORDERED, plan


ORDERED = ("->  Function Scan on a", "->  Index Scan using chat_conversation_pkey on chat_conversation c")
"""What may lead the join: the batch as given, or, of a table with hardly a row, the primary key's index."""


@pytest.mark.django_db(transaction=True)
def test_racing_repeats_and_neighbours_leave_no_gap_and_no_double(ana: Customer) -> None:
    says(ana, "hello", "ana-000001")
    where = conversation_of(ana).id
    start = threading.Barrier(6)
    errors: list[BaseException] = []

    def post(worker: int) -> None:
        try:
            start.wait()
            for n in range(25):
                shared, own = f"both-{n:05}", f"own-{worker}-{n:05}"
                from django.db import transaction  # per thread

                with transaction.atomic():
                    journal.write([Post(where, by(ana), shared, "the same"), Post(where, by(ana), own, "mine")])
        except BaseException as error:  # told below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=(worker,)) for worker in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    seqs = list(Message.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, 1 + 1 + 25 + 6 * 25))
    assert Conversation.objects.get(pk=where).last_seq == seqs[-1]
    assert Conversation.objects.get(pk=where).state == State.BOT
