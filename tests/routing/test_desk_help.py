"""What helps the desk: questions without an answer, drafts from resolved chats, the copilot."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from agents.models import Agent
from chat import actions
from chat.facts import Actor
from chat.models import Conversation, Customer, Inbox
from knowledge import actions as knowledge
from knowledge.models import Article
from routing import copilot, proposals, tasks, unanswered
from routing.models import BotBrain
from supportdesk.clock import now
from tests.api import speakers
from tests.api.speakers import Speaker
from tests.cast import conversation_of, replies, says
from tests.peers import Peer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("flushed")]

GIFTS = "Do you wrap gifts at Christmas?"
REPLY = "Yes, we wrap every lamp as a gift for free if you tick the box at checkout."


@pytest.fixture
def desk(db: None) -> Speaker:
    return speakers.desk()


def asks(inbox: Inbox, text: str) -> Conversation:
    customer = Customer.objects.create(inbox=inbox)
    says(customer, text, "first-00001")
    tasks.route()
    return conversation_of(customer)


def resolved(inbox: Inbox, bob: Agent, text: str, reply: str) -> None:
    conversation = asks(inbox, text)
    actions.request_human(customer_id=conversation.customer_id)
    actions.offer(conversation_id=conversation.id, agent_id=bob.id, why="a test")
    actions.accept(conversation_id=conversation.id, agent=bob)
    replies(bob, conversation.id, reply, "reply-00001")
    actions.close(conversation_id=conversation.id, actor=Actor("agent", str(bob.id)), agent=bob)


def test_alike_questions_are_one_task_and_leave_when_settled(inbox: Inbox, desk: Speaker) -> None:
    for text in (GIFTS, "do you wrap gifts for christmas", "gifts wrap christmas?", "mumbai to chennai"):
        asks(inbox, text)
    items = desk.get("unanswered/", inbox_id=inbox.pk)["items"]
    assert [(each["times"], each["answered_by"]) for each in items] == [(3, None), (1, None)]
    assert set(items[0]["examples"]) >= {GIFTS}
    for _ in range(2):
        desk.does("unanswered/settle/", {"decision_ids": items[0]["decision_ids"]})
    assert [each["question"] for each in desk.get("unanswered/", inbox_id=inbox.pk)["items"]] == ["mumbai to chennai"]


def test_a_question_says_what_would_answer_it_now(inbox: Inbox, desk: Speaker) -> None:
    asks(inbox, GIFTS)
    article = knowledge.save_article(inbox_id=inbox.pk, title="Gifts", body="## We wrap gifts at Christmas\nYes.")
    knowledge.publish(article_id=article.pk)
    assert desk.get("unanswered/", inbox_id=inbox.pk)["items"][0]["answered_by"] == "Gifts"


def test_clusters_do_not_depend_on_noise() -> None:
    moment = now()
    texts = ["Can you wrap gifts?", "hello, do you wrap gifts please", "the lamp hums", "my lamp hums"]
    groups = unanswered.grouped([unanswered.Miss(n, text, "en", moment) for n, text in enumerate(texts)])
    assert [len(group.misses) for group in groups] == [2, 2]


def test_other_words_for_the_same_are_one_group_where_an_encoder_reads_them(settings: Any) -> None:
    moment = now()
    texts = ["do you hire students", "are you hiring any students", "is the oak from sustainable forests"]
    apart = unanswered.grouped([unanswered.Miss(n, text, "en", moment) for n, text in enumerate(texts)])
    assert [len(group.misses) for group in apart] == [1, 1, 1]
    assert next({miss.text for miss in group.misses} for group in unanswered.in_meaning(apart)) == set(texts[:2])
    settings.ENCODER = "none"
    assert unanswered.in_meaning(apart) == apart


def test_groups_that_are_near_join_the_first_of_their_language() -> None:
    moment = now()
    said = [("one", "en"), ("two", "en"), ("drei", "de"), ("four", "en")]
    groups = unanswered.grouped([unanswered.Miss(n, text, lang, moment) for n, (text, lang) in enumerate(said)])
    order = [group.misses[0].text for group in groups]
    assert order == ["four", "drei", "two", "one"]
    near = [[True] * 4 for _ in said]
    assert [[miss.text for miss in group.misses] for group in unanswered.joined(groups, near)] == [
        ["four", "two", "one"], ["drei"],
    ]  # fmt: skip
    alone = [[a == b for b in range(4)] for a in range(4)]
    assert len(unanswered.joined(groups, alone)) == 4


def test_drafts_are_proposed_from_resolved_chats_once(inbox: Inbox, bob: Agent, desk: Speaker) -> None:
    resolved(inbox, bob, GIFTS, REPLY)
    resolved(inbox, bob, "do you wrap gifts for christmas", REPLY)
    first = desk.does("articles/propose/", {"inbox_id": inbox.pk})["article_ids"]
    assert desk.does("articles/propose/", {"inbox_id": inbox.pk})["article_ids"] == []
    (article,) = Article.objects.filter(pk__in=first)
    assert article.status == Article.Status.DRAFT
    assert REPLY in article.body


@pytest.mark.parametrize(
    "reply",
    [
        "No.",
        "Your order 48213 has been sent to your home today already",
        "Please write to carol@example.com about all of this some other day",
        "Hello, I am Bob and I will wrap all of your gifts myself",
    ],
)
def test_what_is_short_or_personal_is_not_proposed(inbox: Inbox, bob: Agent, reply: str) -> None:
    resolved(inbox, bob, GIFTS, reply)
    assert proposals.propose(inbox) == []


def test_what_the_articles_say_already_is_not_proposed(inbox: Inbox, bob: Agent) -> None:
    resolved(inbox, bob, GIFTS, REPLY)
    article = knowledge.save_article(inbox_id=inbox.pk, title="Gifts", body="## We wrap gifts at Christmas\nYes.")
    knowledge.publish(article_id=article.pk)
    assert proposals.propose(inbox) == []


@pytest.fixture
def delivery(inbox: Inbox) -> None:
    body = "## How long delivery takes\nLamps arrive within 2 to 4 working days."
    knowledge.publish(article_id=knowledge.save_article(inbox_id=inbox.pk, title="Delivery", body=body).pk)


def test_the_copilot_sums_up_finds_and_drafts_but_sends_nothing(
    inbox: Inbox, ana: Customer, desk: Speaker, delivery: None
) -> None:
    says(ana, "How long does delivery take?", "ana-000001")
    conversation = conversation_of(ana)
    before = (conversation.last_seq, conversation.version)
    given = desk.does(f"conversations/{conversation.id}/copilot/")
    assert "How long does delivery take?" in given["summary"]
    assert (given["draft"], given["drafted_by"]) == ("Lamps arrive within 2 to 4 working days.", "passage")
    assert given["passages"][0]["title"] == "Delivery"
    conversation.refresh_from_db()
    assert (conversation.last_seq, conversation.version) == before
    assert desk.is_refused("conversations/019a0000-0000-7000-8000-000000000000/copilot/") == (404, "not_found")


def test_the_copilot_knows_what_a_flow_has_collected(inbox: Inbox, ana: Customer) -> None:
    says(ana, "hello there", "ana-000001")
    Conversation.objects.filter(customer=ana).update(collected={"order": "LO-48213"})
    given = copilot.help_with(conversation_of(ana))
    assert "order LO-48213" in given.summary
    assert (given.draft, given.drafted_by) == ("", "")


@pytest.mark.parametrize(
    ("said", "by", "draft"),
    [
        ({"action": "answer", "text": "It takes 2 to 4 working days.", "sources": [1]}, "model", "It takes 2 to 4"),
        ({"action": "answer", "text": "See https://evil.example", "sources": [1]}, "passage", "Lamps arrive"),
        ({"action": "handoff", "text": "", "sources": []}, "passage", "Lamps arrive"),
    ],
)
def test_a_model_drafts_what_it_may_say(
    inbox: Inbox, ana: Customer, peer: Peer, delivery: None, said: dict[str, Any], by: str, draft: str
) -> None:
    BotBrain.objects.create(inbox=inbox, kind="llm", url=f"{peer.url}/v1", model="m")
    choice = {"index": 0, "message": {"role": "assistant", "content": json.dumps(said)}, "finish_reason": "stop"}
    peer.gives((200, {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}))
    says(ana, "How long does delivery take?", "ana-000001")
    given = copilot.help_with(conversation_of(ana))
    assert given.drafted_by == by
    assert given.draft.startswith(draft)


def test_old_misses_are_forgotten(inbox: Inbox) -> None:
    conversation = asks(inbox, GIFTS)
    conversation.decisions.update(decided_at=now() - timedelta(days=unanswered.DAYS + 1))
    assert unanswered.clusters(inbox.pk, 0.3) == []
