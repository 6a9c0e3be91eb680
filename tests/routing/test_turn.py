"""A turn against a real database: answered, handed over, dropped when stale, harmless twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from agents.models import Agent, Skill
from chat import actions
from chat.lifecycle import Reason, State
from chat.models import Conversation, Customer, Inbox
from knowledge import actions as knowledge
from knowledge.models import Article
from routing import drain, tasks, turn
from routing.claim import EARLIER_WITHIN_S, Turn, claim
from routing.models import Decision, IntentPolicy
from supportdesk.clock import now
from tests.cast import assigned, conversation_of, says

pytestmark = pytest.mark.django_db

BODY = """
## How long delivery takes
Lamps arrive within 2 to 4 working days.

## Returns
You have 30 days to return an item. Returns are free.
"""


@pytest.fixture(autouse=True)
def delivery(inbox: Inbox) -> None:
    article = knowledge.save_article(inbox_id=inbox.pk, title="Delivery and returns", body=BODY, slug="delivery")
    knowledge.publish(article_id=article.pk)


def last_words(conversation: Conversation) -> str:
    return conversation.messages.order_by("-seq")[0].text


def decision_of(conversation: Conversation) -> Decision:
    return Decision.objects.filter(conversation=conversation).latest("id")


def routed(customer: Customer, text: str, client_id: str = "ana-000001") -> Conversation:
    says(customer, text, client_id)
    tasks.route()
    return conversation_of(customer)


def test_a_question_is_answered_from_an_article_with_its_source(ana: Customer) -> None:
    conversation = routed(ana, "How long does delivery take?")
    answer = conversation.messages.get(author_kind="bot")
    assert answer.text == "Lamps arrive within 2 to 4 working days."
    assert answer.sources[0]["url"].endswith("/help/site_test/delivery/")
    assert (conversation.state, conversation.routed_seq, conversation.misses) == (State.BOT, 1, 0)
    decision = decision_of(conversation)
    assert (decision.route, decision.rule, decision.reason, decision.upto_seq) == ("bot", "supported", "", 1)
    assert decision.signals["support"] > 0.4
    assert decision.policy_version
    assert "passages-1" in decision.model_version


def test_a_human_only_topic_goes_to_people_and_the_bot_says_nothing(ana: Customer, bob: Agent) -> None:
    bob.skills.add(Skill.objects.create(name="fraud"))
    conversation = routed(ana, "How long does delivery take? And my account was hacked")
    assert conversation.state == State.QUEUED
    assert not conversation.messages.filter(author_kind="bot").exists()
    packet = conversation.current_handoff()
    assert packet is not None
    assert packet.reason == Reason.HUMAN_ONLY
    assert packet.packet["policy_version"] == decision_of(conversation).policy_version
    assert conversation.need_skills == ["fraud"]
    assert conversation.priority == 50


def test_nobody_waits_for_a_skill_that_no_agent_has(ana: Customer, bob: Agent) -> None:
    Skill.objects.create(name="fraud")
    assert routed(ana, "my account was hacked").need_skills == []


def test_a_wish_for_a_person_is_a_handoff(ana: Customer) -> None:
    conversation = routed(ana, "Can I talk to a person?")
    packet = conversation.current_handoff()
    assert packet is not None
    assert (packet.reason, conversation.state) == (Reason.ASKED, State.QUEUED)
    assert conversation.events.latest("version").versions["policy"]


def test_a_second_miss_in_a_row_hands_over(ana: Customer) -> None:
    first = routed(ana, "mumbai to chennai", "ana-000001")
    assert (first.state, first.misses) == (State.BOT, 1)
    assert "talk to a person" in last_words(first)
    between = routed(ana, "thank you", "ana-000002")
    assert (between.state, between.misses) == (State.BOT, 1)
    second = routed(ana, "viswa", "ana-000003")
    packet = second.current_handoff()
    assert packet is not None
    assert (second.state, packet.reason) == (State.QUEUED, Reason.BOT_FAILED)


def test_yes_to_the_offered_person_is_a_handoff(ana: Customer) -> None:
    routed(ana, "mumbai to chennai", "ana-000001")
    assert routed(ana, "yes please", "ana-000002").state == State.QUEUED


def test_an_answer_forgives_the_misses_before_it(ana: Customer) -> None:
    routed(ana, "mumbai to chennai", "ana-000001")
    assert routed(ana, "How long does delivery take?", "ana-000002").misses == 0


def test_small_talk_is_answered_in_its_language(ana: Customer) -> None:
    says(ana, "Guten Tag, wie geht es Ihnen und haben Sie noch auf?", "ana-000001")
    conversation = routed(ana, "danke", "ana-000002")
    assert conversation.language == "de"
    assert last_words(routed(ana, "vielen dank", "ana-000003")).startswith("Gern geschehen")


def test_messages_sent_quickly_are_one_turn(ana: Customer) -> None:
    says(ana, "hi", "ana-000001")
    says(ana, "How long does", "ana-000002")
    conversation = routed(ana, "delivery take?", "ana-000003")
    assert conversation.messages.filter(author_kind="bot").count() == 1
    assert decision_of(conversation).upto_seq == 3


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ("I want to kill", "myself", Reason.HUMAN_ONLY),
        ("my husband", "died last week", Reason.HUMAN_ONLY),
        ("I need a", "representative of yours", Reason.ASKED),
    ],
)
def test_a_topic_or_wish_over_two_turns_is_handed_over(ana: Customer, first: str, second: str, reason: Reason) -> None:
    assert routed(ana, first, "ana-000001").state == State.BOT
    packet = routed(ana, second, "ana-000002").current_handoff()
    assert packet is not None
    assert packet.reason == reason


def test_what_was_written_long_ago_is_not_joined(ana: Customer) -> None:
    conversation = routed(ana, "my husband", "ana-000001")
    conversation.messages.update(posted_at=now() - timedelta(seconds=EARLIER_WITHIN_S + 1))
    routed(ana, "died last week", "ana-000002")
    assert decision_of(conversation).rule == "missed_too_often"


def test_what_was_written_before_a_person_had_it_is_not_joined(ana: Customer, bob: Agent) -> None:
    conversation = assigned(ana, bob)
    says(ana, "my husband", "ana-000002")
    actions.return_to_bot(conversation_id=conversation.id, agent=bob)
    says(ana, "and then", "ana-000003")
    (current,) = claim()
    assert (current.conversation_id, current.text, current.earlier) == (conversation.id, "and then", ())


def test_a_language_the_bot_does_not_speak_is_handed_over_at_once(ana: Customer) -> None:
    conversation = routed(ana, "Где мой заказ?")
    packet = conversation.current_handoff()
    assert packet is not None
    assert (packet.reason, conversation.language) == (Reason.POLICY, "ru")
    assert "does not speak" in packet.why
    assert not conversation.messages.filter(author_kind="bot").exists()


def test_articles_in_a_language_let_the_bot_speak_it(ana: Customer, inbox: Inbox) -> None:
    body = "## Gdzie jest moje zamówienie\nZamówienie dociera w cztery dni."
    article = knowledge.save_article(inbox_id=inbox.pk, title="Dostawa", body=body, slug="dostawa", language="pl")
    assert turn.article_languages({inbox.pk}) == {inbox.pk: {"en"}}
    knowledge.publish(article_id=article.pk)
    assert routed(ana, "Gdzie jest moje zamówienie?").state == State.BOT


def test_a_second_or_late_run_does_nothing(ana: Customer) -> None:
    conversation = routed(ana, "How long does delivery take?")
    tasks.route()
    assert conversation.messages.count() == 2
    assert Decision.objects.count() == 1


def test_a_message_that_arrives_while_the_bot_thinks_makes_the_turn_stale(
    ana: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    thought = list[str]()

    def interrupted(turns: Sequence[Turn]) -> list[turn.Outcome]:
        outcomes = turn.think(turns)
        if not thought:
            says(ana, "No wait, my account was hacked", "ana-000002")
        thought.extend(each.text for each in turns)
        return outcomes

    monkeypatch.setattr(drain, "think", interrupted)
    conversation = routed(ana, "How long does delivery take?")
    assert len(thought) == 2
    assert conversation.state == State.QUEUED
    assert not conversation.messages.filter(author_kind="bot").exists()
    assert [d.upto_seq for d in Decision.objects.all()] == [2]


def test_the_bot_stays_silent_when_a_person_took_over_meanwhile(ana: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    def overtaken(turns: Sequence[Turn]) -> list[turn.Outcome]:
        outcomes = turn.think(turns)
        actions.request_human(customer_id=ana.id)
        return outcomes

    monkeypatch.setattr(drain, "think", overtaken)
    conversation = routed(ana, "How long does delivery take?")
    assert conversation.state == State.QUEUED
    assert not conversation.messages.filter(author_kind="bot").exists()
    assert not Decision.objects.exists()


def test_a_bot_that_breaks_hands_over(ana: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(turn, "search_all", broken)
    conversation = routed(ana, "How long does delivery take?")
    packet = conversation.current_handoff()
    assert packet is not None
    assert (packet.reason, packet.why) == (Reason.BOT_FAILED, "ZeroDivisionError")
    assert decision_of(conversation).rule == "bot_failed"


def test_a_database_that_is_away_leaves_the_turn_to_the_sweeper(ana: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(turn, "search_all", away)
    conversation = routed(ana, "How long does delivery take?")
    assert (conversation.state, conversation.routed_seq, conversation.to_route_seq) == (State.BOT, 0, 1)


def test_an_intent_kept_for_people_is_handed_over_with_its_need(ana: Customer, inbox: Inbox, bob: Agent) -> None:
    bob.skills.add(Skill.objects.create(name="payments"))
    IntentPolicy.objects.create(inbox=inbox, intent="payment_problem", people_only=True, skills=["payments"])
    conversation = routed(ana, "I was charged twice, the payment on my card")
    packet = conversation.current_handoff()
    assert packet is not None
    assert (packet.reason, packet.packet["intent"]) == (Reason.POLICY, "payment_problem")
    assert conversation.need_skills == ["payments"]


def test_an_unpublished_article_is_not_said(ana: Customer, inbox: Inbox) -> None:
    knowledge.unpublish(article_id=Article.objects.get(inbox=inbox).pk)
    assert routed(ana, "How long does delivery take?").misses == 1


def test_a_closed_conversation_is_left_alone(ana: Customer) -> None:
    says(ana, "How long does delivery take?", "ana-000001")
    actions.close_current(customer_id=ana.id)
    assert claim() == []


def test_a_decision_knows_who_it_is_and_how_much_the_bot_has_said(ana: Customer) -> None:
    Customer.objects.filter(pk=ana.pk).update(verified=True, external_id="ana")
    routed(ana, "hello")
    signals = decision_of(routed(ana, "How long does delivery take?", "ana-000002")).signals
    assert (signals["verified"], signals["bot_turns"]) == (True, 1)
