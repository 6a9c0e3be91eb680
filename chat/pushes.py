"""What sockets are told after a fact: the consequences of chat's own facts, named by supportdesk.wiring."""

from __future__ import annotations

from agents import presence
from agents.facts import AgentPresenceChanged, AvailabilityChanged
from agents.models import Agent
from chat import protocol as wire
from chat import snapshots
from chat.actions import load_of
from chat.facts import (
    ConversationMoved,
    ConversationTouched,
    MessagePosted,
    NotePosted,
    PromiseAtRisk,
    ReachFell,
    Read,
)
from chat.fanout import DESK, of_agent, of_conversation, of_customer, of_desk_conversation, publish
from chat.lifecycle import State, Trigger
from chat.models import Conversation, Inbox, Note

_ENDED: dict[Trigger, str] = {
    Trigger.ACCEPTED: "accepted",
    Trigger.DECLINED: "declined",
    Trigger.OFFER_EXPIRED: "expired",
}


def push_message(fact: MessagePosted) -> None:
    publish(of_conversation(fact.message.conversation_id), "message.posted", fact.message)


def push_note(fact: NotePosted) -> None:
    """A whisper reaches its assignee whatever he has open."""
    note = Note.objects.select_related("agent", "conversation").get(pk=fact.note_id)
    publish(of_desk_conversation(fact.conversation_id), "note.posted", snapshots.note(note))
    if note.is_whisper and note.conversation.agent_id is not None:
        publish(of_agent(note.conversation.agent_id), "note.posted", snapshots.note(note))


def push_promise(fact: PromiseAtRisk) -> None:
    (found,) = Conversation.objects.filter(pk=fact.conversation_id).select_related("customer")
    at_risk = wire.PromiseAtRisk(conversation_id=fact.conversation_id, customer=str(found.customer), due=fact.due)
    publish(DESK, "promise.at_risk", at_risk)


def push_reach(fact: ReachFell) -> None:
    name = Inbox.objects.values_list("name", flat=True).get(pk=fact.inbox_id)
    fell = wire.ReachFell(
        inbox=name, met=fact.met, judged=fact.judged, target_s=fact.target_s, target_percent=fact.target_percent
    )
    publish(DESK, "reach.fell", fell)


def push_read(fact: Read) -> None:
    changed = wire.ReadChanged(conversation_id=fact.conversation_id, reader=fact.reader, seq=fact.seq)  # type: ignore[arg-type]  # customer or agent
    publish(of_conversation(fact.conversation_id), "read.changed", changed)


def push_conversation(fact: ConversationMoved | ConversationTouched) -> None:
    """The whole snapshot, to the customer and to the desk; an offer, or its end, also to the agent it was made to."""
    to_customer, to_desk = snapshots.for_both(fact.conversation_id)
    shown = wire.ConversationChanged(conversation=to_customer)
    publish(of_customer(to_desk.customer.id), "conversation.changed", shown)
    publish(DESK, "conversation.changed", wire.DeskConversationChanged(conversation=to_desk))
    if isinstance(fact, ConversationMoved) and fact.agent_id is not None:
        _push_offer(fact, fact.agent_id, to_desk)


def _push_offer(fact: ConversationMoved, agent_id: int, to_desk: wire.DeskConversation) -> None:
    if fact.trigger == Trigger.OFFERED:
        if to_desk.offer is not None and to_desk.offer.agent_id == agent_id:  # else it is over already
            publish(of_agent(agent_id), "offer.made", wire.OfferMade(conversation=to_desk))
    elif fact.from_state == State.OFFERED and fact.trigger is not None:
        over = wire.OfferWithdrawn(
            conversation_id=fact.conversation_id,
            agent_id=agent_id,
            reason=_ENDED.get(fact.trigger, "cancelled"),  # type: ignore[arg-type]  # the values above
        )
        publish(of_agent(agent_id), "offer.withdrawn", over)


def push_load(fact: ConversationMoved) -> None:
    """Colleagues see how busy an agent is: an offer counts, and accepting it changes nothing."""
    if fact.agent_id is not None and fact.trigger != Trigger.ACCEPTED:
        _push_agent(fact.agent_id)
    if fact.trigger == Trigger.TAKEN_OVER and fact.actor.id is not None:
        _push_agent(int(fact.actor.id))


def push_presence(fact: AgentPresenceChanged | AvailabilityChanged) -> None:
    _push_agent(fact.agent_id)


def _push_agent(agent_id: int) -> None:
    agent = Agent.objects.get(pk=agent_id)
    changed = wire.PresenceChanged(
        kind="agent",
        id=str(agent_id),
        online=presence.is_online(agent_id),
        availability=agent.availability,  # type: ignore[arg-type]  # the column's choices
        availability_reason=agent.availability_reason,
        load=load_of(agent_id),
    )
    publish(DESK, "presence.changed", changed)
