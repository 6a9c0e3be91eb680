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


def conversation_of_desk(agent: Agent, conversation_id: UUID) -> Conversation:
    """A conversation an agent may see: today every agent sees every one.

    Raises:
        NotFound: there is none.
    """
    found = Conversation.objects.filter(pk=conversation_id).first()
    if found is None or not agent.user.is_active:
        raise NotFound
    return found


def customer_of_desk(agent: Agent, customer_id: UUID) -> Customer:
    """A customer an agent may see.

    Raises:
        NotFound: there is none.
    """
    found = Customer.objects.select_related("inbox").filter(pk=customer_id).first()
    if found is None or not agent.user.is_active:
        raise NotFound
    return found
