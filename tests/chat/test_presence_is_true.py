"""Who is gone is noticed by his silence alone: a half-open socket, a dead web node. A second tab keeps him there."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event, Thread
from typing import Any

import pytest

from tests.desk import Desk
from tests.wire import AgentClient, CustomerClient

TOLD = "back in line, in your old place"


@pytest.fixture
def ana(desk: Desk) -> Iterator[CustomerClient]:
    client = CustomerClient(desk)
    yield client
    client.close()


def is_with(agent: AgentClient, customer: CustomerClient) -> str:
    """The customer's conversation, accepted by this agent."""
    agent.available()
    where: str = customer.ask("conversation.request_human")["conversation"]["id"]
    agent.expect("offer.made", lambda d: d["conversation"]["id"] == where)
    agent.ask("conversation.accept", conversation_id=where)
    customer.expect("conversation.changed", lambda d: d["conversation"]["state"] == "assigned")
    return where


def is_requeued(customer: CustomerClient) -> dict[str, Any]:
    changed = customer.expect("conversation.changed", lambda d: d["conversation"]["state"] == "queued", seconds=30)
    found: dict[str, Any] = changed["conversation"]
    return found


class Answering:
    """A tab that goes on: it answers the desk's pings in a thread of its own."""

    def __init__(self, client: AgentClient) -> None:
        self._client, self._over = client, Event()
        self._thread = Thread(target=self._run)

    def _run(self) -> None:
        while not self._over.wait(0.3):
            self._client.ask("ping")

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def test_an_agent_whose_socket_is_half_open_is_lost_unless_another_tab_is_alive(
    desk: Desk, ana: CustomerClient
) -> None:
    silent, other_tab = AgentClient(desk, "bob"), AgentClient(desk, "bob")
    where = is_with(silent, ana)
    with Answering(other_tab), pytest.raises(TimeoutError):
        ana.expect("conversation.changed", lambda d: d["conversation"]["state"] == "queued", seconds=9)
    # From here on neither tab reads or writes; both connections stay as they are.
    place = is_requeued(ana)["place"]
    assert place["position"] == 1
    said = ana.ask("conversation.join", conversation_id=where, after_seq=0)["messages"]
    assert any(TOLD in message["text"] for message in said)
    ana.ask("conversation.close")
    for tab in (silent, other_tab):
        tab.close()


def test_agents_of_a_dead_web_node_are_lost_and_their_customers_are_told(desk: Desk, ana: CustomerClient) -> None:
    bob = AgentClient(desk, "bob")
    where = is_with(bob, ana)
    desk.kill("web")
    desk.wait_ready()
    again = CustomerClient(desk, token=ana.session["token"])
    joined = again.ask("conversation.join", conversation_id=where, after_seq=0)
    if joined["conversation"]["state"] != "queued":
        is_requeued(again)
    said = again.ask("conversation.join", conversation_id=where, after_seq=0)["messages"]
    assert sum(TOLD in message["text"] for message in said) == 1
    again.ask("conversation.close")
    again.close()
