"""Around the timeline: notes, marks of what was read, ratings and scores."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from agents.models import Agent
from chat.actions.moving import lock
from chat.errors import NotAllowed, NotFound, NotPossible, SeqFromFuture
from chat.facts import ConversationTouched, NotePosted, Read
from chat.models import Conversation, HandoffPacket, Note, Rating
from supportdesk import bus
from supportdesk.clock import now


@transaction.atomic
def add_note(*, conversation_id: UUID, agent: Agent, client_id: str, text: str, whisper: bool = False) -> Note:
    """A note that only agents see; any agent may add one. The same `client_id` again is the same note.

    A whisper is a supervisor's note to the assignee, told at once wherever he is.

    Raises:
        NotAllowed: only supervisors whisper.
        NotPossible: there is no assignee, or it is oneself.
    """
    conversation = lock(conversation_id)
    if whisper and not agent.supervises():
        raise NotAllowed("Only supervisors whisper. Leave a note instead.")
    if whisper and conversation.agent_id in (None, agent.id):
        raise NotPossible("There is no colleague to whisper to here. Leave a note instead.")
    return write_note(conversation, agent=agent, client_id=client_id, text=text, whisper=whisper)


def write_note(conversation: Conversation, *, agent: Agent, client_id: str, text: str, whisper: bool = False) -> Note:
    note, is_new = Note.objects.get_or_create(
        conversation=conversation,
        client_id=client_id,
        defaults={"agent": agent, "text": text, "is_whisper": whisper, "after_seq": conversation.last_seq},
    )
    if is_new:
        bus.emit(NotePosted(note.id, conversation.id))
    return note


@transaction.atomic
def mark_read(*, conversation_id: UUID, reader: str, seq: int) -> None:
    """`reader` (customer or agent) has seen everything up to `seq`; marks only move forward.

    Raises:
        SeqFromFuture: no message has this seq yet.
    """
    conversation = lock(conversation_id)
    if seq > conversation.last_seq:
        raise SeqFromFuture("seq is beyond the newest message.")
    column = f"{reader}_read_seq"
    if seq > getattr(conversation, column):
        Conversation.objects.filter(pk=conversation.pk).update(**{column: seq})
        bus.emit(Read(conversation.id, reader, seq))


@transaction.atomic
def rate(*, customer_id: UUID, score: int, comment: str = "") -> UUID:
    """The customer's score, 1 to 5, for the latest conversation.

    Raises:
        NotFound: there has never been one.
    """
    latest = Conversation.objects.filter(customer_id=customer_id).order_by("-opened_at").first()
    if latest is None:
        raise NotFound
    Rating.objects.update_or_create(
        conversation=latest, defaults={"score": score, "comment": comment, "rated_at": now()}
    )
    bus.emit(ConversationTouched(latest.id))
    return latest.id


@transaction.atomic
def score_handoff(*, conversation_id: UUID, agent: Agent, score: str) -> None:
    """An agent's verdict on the latest handoff: right, too_late or needless.

    Raises:
        NotPossible: it was never handed over.
    """
    conversation = lock(conversation_id)
    packet = conversation.current_handoff()
    if packet is None:
        raise NotPossible("This conversation was never handed over, so there is nothing to score.")
    HandoffPacket.objects.filter(pk=packet.pk).update(score=score, scored_by=agent)
    bus.emit(ConversationTouched(conversation.id))
