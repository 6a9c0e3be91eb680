"""The decision table: which rule wins, with which reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.lifecycle import Reason
from chat.models import VALUED_PRIORITY_MOST
from routing.policy import Kept, Need, Policy, decide, needs_knowledge
from routing.signals import human_only, rules
from routing.signals.human_only import HumanOnly
from routing.signals.human_request import HumanRequest
from routing.signals.intent import Intent
from routing.signals.reading import Signals

FRAUD = HumanOnly("fraud", "fraud.en.1", "fraud, theft or an account in other hands", ("fraud",), 50)
WISH = HumanRequest("en", "en.bare")
POLICY = Policy(support_floor=0.4, max_misses=2, intents={"complaint": Kept(True, Need(("care",), None, 5))})

signals = st.builds(
    Signals,
    human_only=st.none() | st.just(FRAUD),
    human_request=st.none() | st.just(WISH),
    smalltalk=st.none() | st.sampled_from(["yes", "no", "greeting", "thanks"]),
    foreign=st.none() | st.sampled_from(["ru", "und"]),
    value=st.none() | st.integers(0, 100),
    intent=st.none() | st.builds(Intent, st.sampled_from(["complaint", "care"]), st.floats(0.3, 1)),
    frustration=st.floats(0, 1),
    misses=st.integers(0, 5),
    support=st.none() | st.floats(0, 1),
)


@given(signals)
def test_every_turn_is_decided_with_a_rule_and_a_reason(said: Signals) -> None:
    decision = decide(said, POLICY)
    assert decision.why
    assert (decision.route == "human") == (decision.reason is not None) == (decision.reply is None)
    assert decide(said, POLICY) == decision


@given(signals)
def test_a_human_only_topic_never_reaches_the_bot(said: Signals) -> None:
    decision = decide(replace(said, human_only=FRAUD), POLICY)
    assert (decision.route, decision.reason) == ("human", Reason.HUMAN_ONLY)
    assert decision.need == Need(("fraud",), None, 50)


@given(signals)
def test_a_wish_for_a_person_is_never_refused(said: Signals) -> None:
    assert decide(replace(said, human_request=WISH), POLICY).route == "human"


@given(signals)
def test_the_bot_answers_only_with_support(said: Signals) -> None:
    decision = decide(said, POLICY)
    if decision.reply == "answer":
        assert said.support is not None
        assert said.support >= POLICY.support_floor


@given(signals)
def test_knowledge_is_asked_only_where_nothing_earlier_decides(said: Signals) -> None:
    if not needs_knowledge(said, POLICY):
        assert decide(said, POLICY) == decide(replace(said, support=1.0), POLICY)


@pytest.mark.parametrize(
    ("said", "rule", "reason"),
    [
        (Signals(support=0.4), "supported", None),
        (Signals(support=0.39), "missed", None),
        (Signals(support=None), "missed", None),
        (Signals(support=0.39, misses=1), "missed_too_often", Reason.BOT_FAILED),
        (Signals(support=0.9, misses=1), "supported", None),
        (Signals(support=0.9, misses=1, frustration=0.7), "frustrated_after_a_miss", Reason.BOT_FAILED),
        (Signals(support=0.9, frustration=0.7), "supported", None),
        (Signals(smalltalk="yes", misses=1), "took_the_offer", Reason.ASKED),
        (Signals(smalltalk="yes"), "small_talk", None),
        (Signals(smalltalk="no", misses=1), "small_talk", None),
        (Signals(intent=Intent("complaint", 0.8), support=1.0), "kept_for_people", Reason.POLICY),
        (Signals(intent=Intent("complaint", 0.4), support=1.0), "supported", None),
        (Signals(foreign="ru"), "in_a_language_not_spoken", Reason.POLICY),
        (Signals(foreign="und", support=1.0), "in_a_language_not_spoken", Reason.POLICY),
        (Signals(foreign="ru", smalltalk="greeting"), "small_talk", None),
        (Signals(foreign="ru", human_request=WISH), "asked_for_a_person", Reason.ASKED),
        (Signals(human_request=WISH, human_only=FRAUD), "human_only_topic", Reason.HUMAN_ONLY),
    ],
)
def test_the_first_rule_that_matches_decides(said: Signals, rule: str, reason: Reason | None) -> None:
    decision = decide(said, POLICY)
    assert (decision.rule, decision.reason) == (rule, reason)


def test_a_foreign_language_with_articles_is_the_bots() -> None:
    spoken = replace(POLICY, articles_in=frozenset({"pl"}))
    assert decide(Signals(foreign="pl", support=0.9), spoken).rule == "supported"
    assert decide(Signals(foreign="cs", support=0.9), spoken).rule == "in_a_language_not_spoken"


def test_a_request_with_a_sure_intent_asks_for_its_skills() -> None:
    sure = Signals(human_request=WISH, intent=Intent("complaint", 0.9))
    assert decide(sure, POLICY).need.skills == ("care",)
    assert decide(replace(sure, intent=Intent("complaint", 0.4)), POLICY).need.skills == ()


VALUED = replace(POLICY, valued_from=70, valued_priority=20)


@given(signals)
def test_a_customers_value_changes_nothing_but_his_place_in_the_queue(said: Signals) -> None:
    plain, valued = decide(said, POLICY), decide(said, VALUED)
    assert replace(valued, need=plain.need) == plain
    wanted = 20 if valued.route == "human" and said.value is not None and said.value >= 70 else 0
    assert valued.need == replace(plain.need, priority=max(plain.need.priority, wanted))


def test_no_value_goes_ahead_of_a_topic_that_only_people_answer() -> None:
    topics = rules.load(human_only.FILE).values()
    assert min(topic["priority"] for topic in topics) > VALUED_PRIORITY_MOST
