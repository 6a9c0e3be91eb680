"""The outbox: what is committed is routed, whatever becomes of the wake-up. Redis and kombu are real."""

from __future__ import annotations

import pytest
from celery import current_app
from django.conf import LazySettings
from kombu import Connection

from chat.models import Customer
from routing import drain, errands, tasks, wakeup
from supportdesk.redis import redis
from tests.cast import conversation_of, says
from tests.floor import flushed

__all__ = ["flushed"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("flushed")]


def waiting() -> int:
    return redis().llen(wakeup.QUEUE)


def test_kombu_reads_the_hand_written_message_as_celerys_own() -> None:
    errands.wake_routing()
    with current_app.connection_for_read() as connection:
        assert isinstance(connection, Connection)
        queue = connection.SimpleQueue(wakeup.QUEUE)
        message = queue.get(block=False)
        assert message.payload == [[], {}, {"callbacks": None, "errbacks": None, "chain": None}]
        assert message.headers["task"] == tasks.route.name
        assert message.headers["id"] == message.delivery_tag == message.properties["correlation_id"]
        message.ack()
        assert message.acknowledged
        queue.close()
    assert waiting() == 0


def test_one_wake_up_on_its_way_is_enough() -> None:
    for _ in range(5):
        errands.wake_routing()
    assert waiting() == 1


def test_a_message_posted_while_the_worker_drains_wakes_it_again(ana: Customer) -> None:
    says(ana, "hello", "ana-000001")
    errands.routing_begins()
    says(ana, "anybody?", "ana-000002")
    assert waiting() == 2


def test_a_committed_message_is_routed_though_the_wake_up_was_never_sent(
    ana: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errands, "wake_routing", lambda: None)  # the process dies between commit and enqueue
    says(ana, "hello", "ana-000001")
    says(ana, "are you there?", "ana-000002")
    assert waiting() == 0
    tasks.route()
    assert conversation_of(ana).routed_seq == 2


def test_doubled_and_late_wake_ups_do_nothing(ana: Customer) -> None:
    says(ana, "hello", "ana-000001")
    for _ in range(3):
        tasks.route()
    assert conversation_of(ana).messages.filter(author_kind="bot").count() == 1


def test_the_mark_goes_before_the_worker_looks(ana: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A drain that ends early wants another; with the mark still there it would not come."""
    says(ana, "hello", "ana-000001")
    redis().delete(wakeup.QUEUE)
    monkeypatch.setattr(drain, "drain", lambda: False)
    tasks.route()
    assert waiting() == 1


def test_a_broker_of_its_own_is_woken_by_celery(ana: Customer, settings: LazySettings) -> None:
    settings.HAS_OWN_BROKER = True
    says(ana, "hello", "ana-000001")
    errands._elsewhere.submit(lambda: None).result(10)
    assert waiting() == 1
