"""Decisions told in sentences, and decided again from their rows: nothing but the row and the rules is needed."""

from __future__ import annotations

import re
from dataclasses import replace
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from agents.models import Agent
from chat import actions
from chat.models import Conversation, Customer, Inbox, Message
from knowledge import actions as knowledge
from routing import decisions, record, tasks
from routing.explain import BECAUSE, explained
from routing.models import Decision, IntentPolicy
from routing.naming import edition, reader
from routing.policy import POLICY_VERSION, RULES
from routing.record import AFTERWARDS, Row
from tests.api import speakers
from tests.cast import assigned, conversation_of, replies, says

NOBODYS = "0b31c9a2-4f0e-4a6c-9d57-3f1f2a7c8e10"
pytestmark = pytest.mark.django_db

BODY = "## How long delivery takes\nLamps arrive within 2 to 4 working days."


@pytest.fixture(autouse=True)
def _delivery(inbox: Inbox) -> None:
    article = knowledge.save_article(inbox_id=inbox.pk, title="Delivery", body=BODY, slug="delivery")
    knowledge.publish(article_id=article.pk)


def row_of(decision: Decision) -> Row:
    names = Row.__dataclass_fields__
    return Row(**{name: getattr(decision, name) for name in names})


def routed(customer: Customer, *texts: str) -> Decision:
    for text in texts:
        says(customer, text, uuid4().hex)
        tasks.route()
    return Decision.objects.latest("id")


SAID: list[tuple[tuple[str, ...], str, str]] = [
    (("My husband has died and I do not know what to do",), "human_only_topic", "touches a death, which only people"),
    (
        ("I want to talk to a person",),
        "asked_for_a_person",
        "asked for a person in so many words, understood in English",
    ),
    (("Ich möchte mit einem Menschen sprechen",), "asked_for_a_person", "understood in German"),
    (("zzz qqq xxyy", "yes"), "took_the_offer", "the customer said yes"),
    (("I was charged twice, the payment on my card",), "kept_for_people", "wants “payment problem”"),
    (("hello",), "small_talk", "a greeting"),
    (
        ("Ile trwa dostawa tej lampy do Warszawy i czy mogę ją zwrócić?",),
        "in_a_language_not_spoken",
        "written in Polish",
    ),
    (("How long does delivery take?",), "supported", "An article answers it"),
    (("zzz qqq xxyy",), "missed", "offered a person"),
    (("zzz qqq xxyy", "aaa bbb uuxx"), "missed_too_often", "the second question in a row"),
]


@pytest.mark.parametrize(
    ("texts", "rule", "because"), SAID, ids=[f"{rule}-{texts[-1][:12]}" for texts, rule, _ in SAID]
)
def test_each_rule_is_told_in_a_sentence_and_decides_the_same_again(
    ana: Customer, inbox: Inbox, texts: tuple[str, ...], rule: str, because: str
) -> None:
    kept = IntentPolicy.objects.create(inbox=inbox, intent="payment_problem", people_only=True)
    decision = routed(ana, *texts)
    assert decision.rule == rule, decision.why
    found = decisions.explanation_of(decision)
    assert because in found.because
    assert found.is_confirmed
    assert "comes out the same" in found.again
    kept.delete()  # what the shop sets later changes nothing of what was decided
    assert decisions.explanation_of(Decision.objects.get(pk=decision.pk)) == found


def test_every_rule_has_its_sentence() -> None:
    assert set(BECAUSE) == {rule.__name__ for rule in RULES} | set(AFTERWARDS)


def test_a_changed_row_does_not_come_out_the_same(ana: Customer) -> None:
    row = row_of(routed(ana, "How long does delivery take?"))
    tampered = replace(row, signals={**row.signals, "support": 0.01})
    assert record.again(tampered).verdict == "other"
    assert "does not come out the same" in explained(tampered).again
    assert not explained(tampered).is_confirmed


def test_rules_that_have_changed_are_named(ana: Customer) -> None:
    row = replace(row_of(routed(ana, "How long does delivery take?")), policy_version="2020-01.1")
    found = explained(row)
    assert "edition 1 of January 2020" in found.again
    assert edition(POLICY_VERSION) in found.again
    assert not found.is_confirmed


def test_a_row_without_its_signals_says_that_it_cannot_be_decided_again(ana: Customer) -> None:
    row = row_of(routed(ana, "hello"))
    for lacking in (replace(row, policy={}), replace(row, signals={}, rule="bot_failed", why="KeyError")):
        assert "cannot be decided again" in explained(lacking).again


RAW = re.compile(
    r"\b(?:\w+\.(?:en|de)\.\w+|(?:en|de)\.(?:\d|ask|bare)|model-\d|intents-|passages-|\d{4}-\d\d\.|\w+_\w+|\w+Error)"
)
"""Ids of patterns, readers, brains and rules, names of intents and of exceptions."""


def test_sentences_name_things_by_what_they_are_and_ids_stand_apart(ana: Customer, inbox: Inbox) -> None:
    IntentPolicy.objects.create(inbox=inbox, intent="payment_problem", people_only=True)
    for number, (texts, rule, _) in enumerate(SAID):
        decision = routed(Customer.objects.create(inbox=inbox, name=str(number)), *texts)
        found = decisions.explanation_of(decision)
        assert RAW.search(found.text()) is None, found.text()
        assert RAW.search(decision.why) is None, decision.why
        assert found.ids["rule"] == rule
    assert told(latest=1).count("policy_version") == 0
    assert f"policy_version {POLICY_VERSION}" in told(latest=1, ids=True)
    broken = replace(row_of(decision), rule="bot_failed", route="human", reason="bot_failed", why="KeyError")
    assert "a fault of the desk itself" in explained(broken).because
    assert explained(broken).ids["fault"] == "KeyError"


def test_the_patterns_that_found_something_are_among_the_ids(ana: Customer) -> None:
    decision = routed(ana, "You idiot, my husband has died and I want to talk to a person")
    ids = decisions.explanation_of(decision).ids
    assert ids["human_only"].startswith("bereavement.en.")
    assert ids["human_request"].startswith("en.")
    assert ids["abuse"]


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("intents-6d274453b3 passages-1", "read by the examples that come with the desk"),
        ("model-3-2f901e3cd1 passages-1", "read by the desk's own model 3"),
        ("model-3-2f901e3cd1 words passages-1", "read by the desk's own model 3 (words alone)"),
        ("model-3-2f901e3cd1 llm small-1", "read by the desk's own model 3, worded by the language model small-1"),
        (
            "intents-6d274453b3 webhook",
            "come with the desk, worded by the merchant's own bot",
        ),
        ("unread passages-1", "read by nobody"),
        ("", "read by nobody"),
    ],
)
def test_versions_are_named(version: str, words: str) -> None:
    assert reader(version).endswith(words)


def test_the_need_is_told(ana: Customer) -> None:
    row = row_of(routed(ana, "Somebody has stolen my account and orders with my card"))
    topic = row.signals["human_only"]
    assert any(topic["skills"][0] in sentence for sentence in explained(row).also)


def test_a_valued_customer_goes_ahead_and_it_is_told(ana: Customer, inbox: Inbox) -> None:
    Inbox.objects.filter(pk=inbox.pk).update(valued_from=70, valued_priority=15)
    Customer.objects.filter(pk=ana.pk).update(verified=True, external_id="ana", value=80)
    decision = routed(ana, "I want to talk to a person")
    assert conversation_of(ana).priority == 15
    assert decision.signals["value"] == 80
    found = decisions.explanation_of(decision)
    assert "has signed that this customer is worth 80 of 100" in " ".join(found.also)
    assert found.is_confirmed
    Inbox.objects.filter(pk=inbox.pk).update(valued_from=None)
    assert decisions.explanation_of(decision) == found


def test_a_customer_worth_less_waits_like_others(ana: Customer, inbox: Inbox) -> None:
    Inbox.objects.filter(pk=inbox.pk).update(valued_from=70, valued_priority=15)
    Customer.objects.filter(pk=ana.pk).update(verified=True, external_id="ana", value=69)
    decision = routed(ana, "I want to talk to a person")
    assert conversation_of(ana).priority == 0
    assert "worth" not in decisions.explanation_of(decision).text()


def test_a_valued_customer_who_presses_the_button_goes_ahead_too(ana: Customer, inbox: Inbox) -> None:
    Inbox.objects.filter(pk=inbox.pk).update(valued_from=70, valued_priority=15)
    Customer.objects.filter(pk=ana.pk).update(verified=True, external_id="ana", value=70)
    actions.request_human(customer_id=ana.id)
    assert conversation_of(ana).priority == 15


# --- By message: command and REST -------------------------------------------------------------------------------------


def told(*words: Any, **options: Any) -> str:
    out = StringIO()
    call_command("explain", *words, stdout=out, **options)
    return out.getvalue()


def test_a_message_is_named_by_conversation_and_number(ana: Customer) -> None:
    routed(ana, "hello", "How long does delivery take?")
    conversation = conversation_of(ana)
    first, second = told(f"{conversation.pk}/1"), told(f"{conversation.pk}/3")
    assert "a greeting" in first
    assert "“hello”" in first
    assert "An article answers it" in second
    assert told(f"{conversation.pk}/4") == second  # the bot's answer comes from the same decision
    assert told(str(conversation.pk)) == told(f"{conversation.pk}/1") + second
    assert told(latest=1) == second


@pytest.mark.parametrize("words", ["nonsense", "nonsense/1", NOBODYS, f"{NOBODYS}/1", f"{NOBODYS}/{'9' * 30}"])
def test_what_cannot_be_found_is_said(words: str) -> None:
    with pytest.raises(CommandError):
        told(words)


def test_a_message_to_a_person_was_not_routed(ana: Customer, bob: Agent) -> None:
    conversation = assigned(ana, bob)
    replies(bob, conversation.pk, "Here I am", uuid4().hex)
    says(ana, "thank you, Bob", uuid4().hex)
    with pytest.raises(CommandError, match="a person had the conversation"):
        told(f"{conversation.pk}/{Conversation.objects.get(pk=conversation.pk).last_seq}")


def test_a_person_called_by_the_button_is_not_explained_by_an_earlier_decision(ana: Customer, bob: Agent) -> None:
    decision = routed(ana, "I want to talk to a person")
    conversation = Conversation.objects.get(pk=decision.conversation_id)
    by_words = Message.objects.get(conversation=conversation, notice="handoff_requested")
    actions.offer(conversation_id=conversation.pk, agent_id=bob.id, why="the only one")
    actions.accept(conversation_id=conversation.pk, agent=bob)
    actions.return_to_bot(conversation_id=conversation.pk, agent=bob)
    actions.request_human(customer_id=ana.id)
    by_button = Message.objects.filter(conversation=conversation, notice="handoff_requested").latest("seq")
    assert decisions.of_message(conversation.pk, by_words.seq) == decision
    assert decisions.of_message(conversation.pk, by_button.seq) is None


def test_rest_tells_the_same_with_what_it_was_decided_on(ana: Customer, inbox: Inbox) -> None:
    decision = routed(ana, "I want to talk to a person")
    path = f"conversations/{decision.conversation_id}/messages/1/explanation/"
    desk = speakers.desk()
    shown = desk.get(path)
    assert (shown["rule"], shown["is_confirmed"]) == ("asked_for_a_person", True)
    assert shown["because"] == decisions.explanation_of(decision).because
    assert shown["ids"]["human_request"] == "en.ask.1"
    assert shown["signals"]["human_request"]["language"] == "en"
    assert (shown["text"], shown["inbox_id"]) == ("I want to talk to a person", inbox.pk)
    notice = Message.objects.get(notice="handoff_requested")
    assert desk.get(f"conversations/{decision.conversation_id}/messages/{notice.seq}/explanation/") == shown
    assert speakers.stranger().is_refused(path, method="GET") == (401, "unauthenticated")
    nowhere = f"conversations/{uuid4()}/messages/1/explanation/"
    assert desk.is_refused(nowhere, method="GET") == (404, "not_found")
    actions.close_current(customer_id=ana.id)
    assert desk.get(path) == shown
