"""A merchant who says nothing holds up one customer's turn and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest

from chat.lifecycle import State
from chat.models import Conversation, Customer, Inbox
from flows import demo
from flows.models import Action
from routing import tasks
from tests.cast import conversation_of, says
from tests.desk import until
from tests.peers import Peer, silent


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("flushed")
def test_nobody_else_waits_for_a_silent_merchant(
    inbox: Inbox, ana: Customer, dan: Customer, peer: Peer, settings: Any
) -> None:
    settings.SLOW_TURNS = 16
    demo.load(inbox)
    Action.objects.update(url=f"{peer.url}/status", timeout_s=1)
    peer.gives(silent)
    ana.external_id, ana.verified = "ana", True
    ana.save()
    says(ana, "Where is my order LO-48213?", "ana-000001")
    says(dan, "hello", "dan-000001")
    tasks.route()
    assert conversation_of(dan).messages.filter(author_kind="bot").exists()
    waiting = conversation_of(ana)
    assert waiting.state == State.BOT
    assert waiting.routing_until is not None
    until(lambda: Conversation.objects.get(pk=waiting.pk).state == State.QUEUED, 9, "ana is not with a person")
    packet = conversation_of(ana).current_handoff()
    assert packet is not None
    assert packet.packet["fields"] == {"order": "LO-48213"}
