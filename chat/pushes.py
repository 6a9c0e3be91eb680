"""What sockets are told after a fact: the consequences of chat's own facts, named by supportdesk.wiring."""

from __future__ import annotations

from agents import presence
from agents.facts import AgentPresenceChanged, AvailabilityChanged
from agents.models import Agent
from chat import protocol as wire
from chat import snapshots
from chat.facts import ConversationMoved, ConversationTouched, MessagePosted, NotePosted, Read
from chat.fanout import DESK, of_agent, of_conversation, of_customer, of_desk_conversation, publish
from chat.lifecycle import State, Trigger
from chat.models import Conversation, Note

_ENDED: dict[Trigger, str] = {
    Trigger.ACCEPTED: "accepted",
    Trigger.DECLINED: "declined",
    Trigger.OFFER_EXPIRED: "expired",
}


def push_message(fact: MessagePosted) -> None:
    publish(of_conversation(fact.message.conversation_id), "message.posted", fact.message)


def push_note(fact: NotePosted) -> None:
    note = Note.objects.select_related("agent").get(pk=fact.note_id)
    publish(of_desk_conversation(fact.conversation_id), "note.posted", snapshots.note(note))


def push_read(fact: Read) -> None:
    changed = wire.ReadChanged(conversation_id=fact.conversation_id, reader=fact.reader, seq=fact.seq)  # type: ignore[arg-type]  # customer or agent
    publish(of_conversation(fact.conversation_id), "read.changed", changed)


def push_conversation(fact: ConversationMoved | ConversationTouched) -> None:
    """The whole snapshot, to the customer and to the desk."""
    customer_id = Conversation.objects.values_list("customer_id", flat=True).get(pk=fact.conversation_id)
    shown = wire.ConversationChanged(conversation=snapshots.for_customer(fact.conversation_id))
    publish(of_customer(customer_id), "conversation.changed", shown)
    to_desk = wire.DeskConversationChanged(conversation=snapshots.for_desk(fact.conversation_id))
    publish(DESK, "conversation.changed", to_desk)


def push_offer(fact: ConversationMoved) -> None:
    """To the agent it is made to; and that it is over, however it ended."""
    if fact.agent_id is None:
        return
    if fact.trigger == Trigger.OFFERED:
        made = wire.OfferMade(conversation=snapshots.for_desk(fact.conversation_id))
        publish(of_agent(fact.agent_id), "offer.made", made)
    elif fact.from_state == State.OFFERED and fact.trigger is not None:
        over = wire.OfferWithdrawn(
            conversation_id=fact.conversation_id,
            agent_id=fact.agent_id,
            reason=_ENDED.get(fact.trigger, "cancelled"),  # type: ignore[arg-type]  # the values above
        )
        publish(of_agent(fact.agent_id), "offer.withdrawn", over)


def push_load(fact: ConversationMoved) -> None:
    """Colleagues see how busy an agent is."""
    if fact.agent_id is not None and (fact.from_state, fact.to_state) != (State.QUEUED, State.OFFERED):
        _push_agent(fact.agent_id)


def push_presence(fact: AgentPresenceChanged | AvailabilityChanged) -> None:
    _push_agent(fact.agent_id)


def _push_agent(agent_id: int) -> None:

    agent = Agent.objects.get(pk=agent_id)
    changed = wire.PresenceChanged(
        kind="agent",
        id=str(agent_id),
        online=presence.is_online(agent_id),
        availability=agent.availability,  # type: ignore[arg-type]  # the column's choices
        load=snapshots.loads().get(agent_id, 0),
    )
    publish(DESK, "presence.changed", changed)
