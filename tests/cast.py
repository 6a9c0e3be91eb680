"""The cast of every test: ana the customer, bob and carol the agents, dan the stranger, at a small shop's inbox."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from uuid import UUID

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User

from agents.models import Agent, Availability
from chat import actions, journal
from chat.actions import BotAnswer, Recognised
from chat.journal import Post, Stored
from chat.lifecycle import Reason, State
from chat.models import Conversation, Customer, Inbox
from supportdesk.clock import now

_hashed = cache(make_password)
"""Made to take a while; the same one serves every agent of every test."""


def make_agent(name: str, **fields: object) -> Agent:
    user = User.objects.create(username=name, password=_hashed("correct horse battery"))
    return Agent.objects.create(user=user, name=name.title(), availability=Availability.AVAILABLE, **fields)


def says(customer: Customer, text: str, client_id: str) -> Stored:
    """The customer posts, as REST would: find the conversation, then the journal."""
    where = actions.conversation_to_write_in(customer_id=customer.id, client_id=client_id)
    who = journal.author("customer", customer.id, str(customer))
    return journal.write_one(Post(where, who, client_id, text))


def bot_answers(conversation: Conversation, text: str, upto_seq: int = 1) -> bool:
    """Whether the bot's answer was still wanted."""
    who = journal.author_of_bot(conversation.inbox.name)
    answer = BotAnswer(conversation.id, upto_seq, who, text, Recognised("en", 0.0))
    return bool(actions.answer_as_bot(answers=[answer]))


def replies(agent: Agent, conversation_id: UUID, text: str, client_id: str) -> Stored:
    return journal.write_one(Post(conversation_id, journal.author("agent", agent.id, agent.name), client_id, text))


def conversation_of(customer: Customer) -> Conversation:
    return Conversation.objects.select_related("inbox").get(customer=customer, closed_at=None)


def queued(customer: Customer) -> Conversation:
    says(customer, "My lamp arrived broken", "ana-000001")
    conversation = conversation_of(customer)
    actions.hand_off(conversation_id=conversation.id, reason=Reason.POLICY, why="a test")
    return conversation_of(customer)


def offered(customer: Customer, agent: Agent) -> Conversation:
    conversation = queued(customer)
    actions.offer(conversation_id=conversation.id, agent_id=agent.id, why="the only one")
    return conversation_of(customer)


def assigned(customer: Customer, agent: Agent) -> Conversation:
    conversation = offered(customer, agent)
    actions.accept(conversation_id=conversation.id, agent=agent)
    return conversation_of(customer)


def called_back(customer: Customer) -> Conversation:
    conversation = queued(customer)
    let_deadline_pass(conversation)
    actions.act_on_deadline(conversation_id=conversation.id, someone_suits=False)
    return conversation_of(customer)


def let_deadline_pass(conversation: Conversation) -> None:
    Conversation.objects.filter(pk=conversation.pk).exclude(state=State.CLOSED).update(
        deadline=now() - timedelta(seconds=1)
    )


@pytest.fixture
def inbox(db: None) -> Inbox:
    return Inbox.objects.create(name="Lumen & Oak", site_key="site_test", allowed_origins=["https://shop.example"])


@pytest.fixture
def ana(inbox: Inbox) -> Customer:
    return Customer.objects.create(inbox=inbox, name="Ana")


@pytest.fixture
def dan(inbox: Inbox) -> Customer:
    return Customer.objects.create(inbox=inbox, name="Dan")


@pytest.fixture
def bob(db: None) -> Agent:
    return make_agent("bob")


@pytest.fixture
def carol(db: None) -> Agent:
    return make_agent("carol")
