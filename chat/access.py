"""Who may see what: the only loaders that sockets and REST use. Unknown and foreign are the same answer."""

from __future__ import annotations

from uuid import UUID

from agents.models import Agent
from chat.errors import NotFound
from chat.models import Conversation, Customer


def conversation_of_customer(customer_id: UUID, conversation_id: UUID) -> Conversation:
    """The customer's own conversation.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    found = Conversation.objects.filter(pk=conversation_id, customer_id=customer_id).first()
    if found is None:
        raise NotFound
    return found


def latest_of_customer(customer_id: UUID) -> Conversation | None:
    """The open one, else the one opened last, else None."""
    return Conversation.objects.filter(customer_id=customer_id).order_by("-opened_at").first()


def newest_of_customer(customer_id: UUID, *, most: int) -> list[UUID]:
    """Their ids, the newest first; an open one is always the newest."""
    own = Conversation.objects.filter(customer_id=customer_id).order_by("-opened_at")
    return list(own.values_list("pk", flat=True)[:most])


def conversation_of_desk(agent: Agent | None, conversation_id: UUID) -> Conversation:
    """A conversation that an agent, or the desk itself (None), may see: today everybody sees every one.

    Raises:
        NotFound: there is none.
    """
    found = Conversation.objects.filter(pk=conversation_id).first()
    if found is None or not _is_welcome(agent):
        raise NotFound
    return found


def customer_of_desk(agent: Agent | None, customer_id: UUID) -> Customer:
    """A customer that an agent, or the desk itself (None), may see.

    Raises:
        NotFound: there is none.
    """
    found = Customer.objects.select_related("inbox").filter(pk=customer_id).first()
    if found is None or not _is_welcome(agent):
        raise NotFound
    return found


def _is_welcome(agent: Agent | None) -> bool:
    """An agent who may sign in; the desk's own token was checked at the door."""
    return agent is None or agent.user.is_active
