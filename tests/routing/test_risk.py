"""What may go wrong, kept: bars hold as often as they say, too little known means people, and routing obeys."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import numpy as np
import pytest

from chat.models import Customer, Inbox
from routing import decisions, limits, live, tasks, versions
from routing.models import Decision, ModelVersion, RiskLimit
from routing.risk import NEVER, Held, HeldOut, Limit, bar_for, bars_for
from tests.api import speakers
from tests.cast import says
from tests.routing.lessons import learned

TWO_PERCENT = Limit(0.02, 0.95)


def drawn(seed: int, count: int) -> list[Held]:
    """Examples of a model whose chances are a little too high."""
    dice = np.random.default_rng(seed)
    chances = dice.beta(6, 1, count)
    return [Held(float(c), "any", bool(dice.random() < c**1.2)) for c in chances]


def risk_above(bar: float) -> float:
    """What is really wrong above a bar, from many more examples of the same model."""
    many = drawn(10_000, 200_000)
    above = [not each.right for each in many if each.chance >= bar]
    return sum(above) / max(1, len(above))


def test_a_bar_holds_as_often_as_it_says() -> None:
    limit = Limit(0.08, 0.9)
    bars = [bar_for(drawn(seed, 1500), limit).at for seed in range(120)]
    assert any(bar < NEVER for bar in bars), "or nothing is shown"
    known = {bar: risk_above(bar) for bar in set(bars)}
    assert sum(known[bar] > limit.most_wrong for bar in bars) <= 120 * 0.1 * 1.7  # the dice are fixed


def test_a_stricter_limit_never_keeps_more() -> None:
    held = drawn(1, 4000)
    kept = [bar_for(held, Limit(most_wrong)).kept for most_wrong in (0.3, 0.1, 0.05, 0.02)]
    assert kept == sorted(kept, reverse=True)
    assert kept[0] > 0.9


def test_too_few_can_show_nothing_however_right_they_were() -> None:
    right = [Held(0.99, "any", True)] * 149
    assert bar_for(right, TWO_PERCENT).at < NEVER
    short = bar_for(right[1:], TWO_PERCENT)
    assert (short.at, short.kept, short.needed) == (NEVER, 0, 149)
    assert "Too little is known: 148" in short.says()
    wrong = bar_for([Held(0.9, "any", False)] * 500, TWO_PERCENT)
    assert wrong.at == NEVER
    assert "No bar holds" in wrong.says()


def test_an_intents_own_limit_looks_at_what_was_taken_for_it() -> None:
    held = HeldOut([Held(0.95, "good", True)] * 300 + [Held(0.95, "bad", False)] * 300)
    bars = bars_for(held, {"good": TWO_PERCENT, "bad": TWO_PERCENT, "": TWO_PERCENT})
    assert bars["good"].at < NEVER
    assert bars["bad"].at == bars[""].at == NEVER


# --- On the desk ------------------------------------------------------------------------------------------------------


@pytest.fixture
def promoted(db: None) -> Iterator[ModelVersion]:
    version = versions.keep(learned(), {"test": 45})
    versions.promote(version=version)
    live.warm_up()
    yield version
    live.forget()


def routed(customer: Customer, text: str) -> Decision:
    says(customer, text, uuid4().hex)
    tasks.route()
    return Decision.objects.latest("id")


def allow(inbox: Inbox, most_wrong: float | None, intent: str = "") -> None:
    limits.set_limit(inbox_id=inbox.pk, intent=intent, limit=Limit(most_wrong) if most_wrong else None, by=None)


def test_training_keeps_each_example_once(promoted: ModelVersion) -> None:
    held = limits.held_of(promoted.held_out)
    assert 0 < len(held.examples) <= 45
    assert {each.intent for each in held.examples} <= {"weather", "music", "travel"}


def test_with_too_little_known_people_answer_and_without_a_limit_the_bot(
    ana: Customer, dan: Customer, inbox: Inbox, promoted: ModelVersion
) -> None:
    assert routed(ana, "will it rain today").rule == "missed"
    allow(inbox, 0.02)
    decision = routed(dan, "will it rain today")
    assert (decision.route, decision.rule, decision.reason) == ("human", "not_sure_enough", "policy")
    told = decisions.explanation_of(decision)
    assert told.is_confirmed
    assert "the inbox's limit" in told.because


def test_who_is_sure_enough_is_the_bots(ana: Customer, inbox: Inbox, promoted: ModelVersion) -> None:
    held = {"chance": [0.0] * 300, "intent": ["weather"] * 300, "right": [True] * 300}
    ModelVersion.objects.filter(pk=promoted.pk).update(held_out=held)
    live.forget()
    live.warm_up()
    allow(inbox, 0.02)
    assert routed(ana, "will it rain today").rule == "missed"
    allow(inbox, None)
    assert limits.live([inbox.pk]) == {}
    assert RiskLimit.objects.count() == 2, "nothing is forgotten"


def test_of_the_shipped_reader_nothing_is_known(ana: Customer, inbox: Inbox) -> None:
    live.forget()
    allow(inbox, 0.1)
    decision = routed(ana, "Where is my parcel?")
    assert decision.rule == "not_sure_enough"
    assert "has not shown how often it is right" in decisions.explanation_of(decision).because


def test_rest_sets_shows_and_takes_away(inbox: Inbox, promoted: ModelVersion) -> None:
    desk = speakers.desk("read", "write", "knowledge")
    path = f"inboxes/{inbox.pk}/risk/"
    shown = desk.does(path, {"most_wrong": 0.02}, method="PUT")
    (one,) = shown["items"]
    assert (shown["model"], one["intent"], one["bar"], one["kept"]) == (promoted.pk, "", None, 0)
    assert one["says"].startswith("Too little is known")
    for bad in ({"most_wrong": 0}, {"most_wrong": 0.9}, {"most_wrong": 0.1, "confidence": 1}, {"intent": "x"}):
        assert desk.is_refused(path, bad, method="PUT")[0] == 400
    assert desk.get(path) == shown
    assert desk.does(path, {"most_wrong": None}, method="PUT")["items"] == []
    assert desk.is_refused("inboxes/999999/risk/", method="GET") == (404, "not_found")
