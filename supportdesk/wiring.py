"""The one visible table: what follows from each fact. Told after the commit, in this order.

What must not be lost does not hang on this table: routing has its outbox columns, the queue and every deadline are
rows, and the sweeper acts on them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agents import access
from agents.facts import AgentPresenceChanged, AvailabilityChanged
from chat import pushes
from chat.facts import (
    ConversationMoved,
    ConversationTouched,
    MessagePosted,
    NotePosted,
    PromiseAtRisk,
    ReachFell,
    Read,
)
from integrations import tokens
from routing import consequences as routing
from supportdesk import bus
from supportdesk.bus import Consequence

CONSEQUENCES: Mapping[type, Sequence[Consequence]] = {
    MessagePosted: [pushes.push_message, routing.route_message],
    ConversationMoved: [
        pushes.push_conversation,
        pushes.push_load,
        routing.keep_queue,
        routing.dispatch_when_moved,
    ],
    ConversationTouched: [pushes.push_conversation],
    NotePosted: [pushes.push_note],
    PromiseAtRisk: [pushes.push_promise],
    ReachFell: [pushes.push_reach],
    Read: [pushes.push_read],
    AvailabilityChanged: [pushes.push_presence, routing.withdraw_when_away, routing.dispatch_when_available],
    AgentPresenceChanged: [pushes.push_presence, routing.dispatch_when_available],
}


def connect() -> None:
    """Called once, when all apps are loaded."""
    bus.connect(CONSEQUENCES)
    access.accept_tokens(tokens.agent_of_token)
