"""The wish for a person: what rules miss a model finds, live and measured on files; and what may be missed."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from chat.models import Customer, Inbox
from routing import decisions, limits, live, tasks, versions
from routing.learning import wishes
from routing.learning.requests import BY_A_RULE, bar_of
from routing.models import Decision, Example, ModelVersion, RiskLimit
from routing.risk import NEVER, Limit, Told, usual_wish_bar, wish_bar_for
from routing.signals import human_request, requests, rules
from routing.signals.reading import Context, read
from tests.api import speakers
from tests.cast import says
from tests.routing.lessons import learned

PLAIN = ("where is my lamp", "how long does delivery take", "can I return this shade", "what does it cost")
WISHES = ("I want to talk to a person", "gimme a flesh being, beep", "beep beep, flesh being wanted")


def written(path: Path, rows: list[tuple[str, int]]) -> Path:
    with path.open("w", newline="") as out:
        csv.writer(out).writerows([("text", "human_request"), *rows])
    return path


def rows(count: int) -> list[tuple[str, int]]:
    """Wishes in words that no rule knows, and plain messages."""
    return [(f"{text} {n}", 0) for text in PLAIN for n in range(count)] + [
        (f"{text} {n}", 1) for text in WISHES for n in range(count)
    ]


def test_the_model_finds_what_no_rule_does(tmp_path: Path) -> None:
    train, dev = written(tmp_path / "train.csv", rows(12)), written(tmp_path / "dev.csv", rows(6))
    test, out = written(tmp_path / "test.csv", rows(5)), tmp_path / "out.json"
    call_command("evaluate", "human_request", train=train, dev=dev, test=test, encoder="none", json=out)
    found = json.loads(out.read_text())
    assert found["recall_rules"]["value"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["recall"]["value"] == 1
    assert found["false_alarms"]["value"] == 0
    assert set(found["recall"]) == {"value", "low", "high"}


@pytest.mark.parametrize(
    "bad",
    [[("hello", 0)], [("", 1), ("hello", 0)], [("hello", 2), ("a person please", 1)]],
    ids=["one", "empty", "two"],
)
def test_a_bad_file_is_named(tmp_path: Path, bad: list[tuple[str, int]]) -> None:
    good, path = written(tmp_path / "good.csv", rows(2)), written(tmp_path / "bad.csv", bad)
    with pytest.raises(CommandError, match=r"bad\.csv"):
        call_command("evaluate", "human_request", train=path, dev=good, test=good, encoder="none")


def test_the_bar_lets_through_as_few_as_allowed_and_everything_a_rule_finds() -> None:
    score = np.array([0.9] * 5 + [0.1] * 995 + [BY_A_RULE] * 10)
    wishes = np.array([False] * 1000 + [True] * 10)
    bar = bar_of(score, wishes)
    assert (score[~wishes] > bar).sum() <= 3
    assert (score[wishes] > bar).all()
    loud = np.full(1000, BY_A_RULE)
    assert bar_of(loud, np.zeros(1000, bool)) < BY_A_RULE


# --- What is shipped --------------------------------------------------------------------------------------------------


def test_the_shipped_file_holds_ten_languages_and_each_text_once_in_a_language() -> None:
    given = rules.load(requests.FILE)
    assert len(given) >= 10
    for language, lists in given.items():
        texts = [text.casefold() for texts in lists.values() for text in texts]
        assert len(set(texts)) == len(texts), language
        assert min(len(lists["asks"]), len(lists["others"])) >= 18, language


@pytest.mark.parametrize("language", sorted(rules.load(requests.FILE)))
def test_rules_find_most_wishes_in_each_language_and_take_nothing_else_for_one(language: str) -> None:
    given = rules.load(requests.FILE)[language]
    found = [human_request.find(text) is not None for text in given["asks"]]
    assert sum(found) > 0.7 * len(found)
    assert [text for text in [*given["others"], *given["plain"]] if human_request.find(text)] == []


@pytest.mark.parametrize(
    "text", ["no, don't transfer me", "my agent told me it was sent", "is there a person who checks returns?"]
)
def test_whoever_only_speaks_of_persons_stays_with_the_bot(text: str) -> None:
    model, signals = requests.shipped(), read(text, Context())
    assert signals.human_request is None
    assert signals.wish is not None
    assert signals.wish.chance < usual_wish_bar(model.told)


def test_the_model_finds_wishes_that_no_rule_knows() -> None:
    model = requests.shipped()
    for text in ("hooman pls", "need agnt, not a bot pls humen", "could some1 human have a look pls"):
        assert model.find(text).chance > usual_wish_bar(model.told), text
    assert model.find("hooman pls").model == requests.version()


def test_a_refusal_begun_a_message_before_holds_for_the_model_too() -> None:
    said = "talk to a person"
    assert (alone := read(said, Context()).wish) is not None
    assert (after := read(said, Context(earlier=("I don't want to",))).wish) is not None
    assert (alone.chance > 0.9, after.chance) == (True, 0)


def test_one_message_of_a_turn_is_enough() -> None:
    model = requests.shipped()
    alone = model.find("hooman pls").chance
    assert model.find("where is my lamp\nhooman pls\nit is late").chance >= alone


def test_a_version_reads_its_wishes_as_it_did_when_it_was_made() -> None:
    given = wishes.material([requests.Example(text, asks=n % 3 == 0) for n, text in enumerate(WISHES * 3 + PLAIN)])
    dice = np.random.default_rng(1)
    head, told, by_meaning = wishes.learn(given, dice.normal(size=(len(given.texts), 8)))
    read_again = wishes.opened(wishes.written(head, told, by_meaning))
    assert by_meaning is not None
    assert (read_again.told.columns(), len(by_meaning.asks)) == (told.columns(), len(given.texts))
    vector = dice.normal(size=8)
    for text in given.texts:
        assert read_again.head.chance(text, None) == pytest.approx(head.chance(text, None), abs=0.01)
        assert read_again.head.chance(text, vector) == pytest.approx(head.chance(text, vector), abs=0.01)


# --- What may be missed -----------------------------------------------------------------------------------------------


def told(wishes_: list[float], others: list[float]) -> Told:
    asks = [True] * len(wishes_) + [False] * len(others)
    nothing = (False,) * len(asks)
    return Told((*wishes_, *others), tuple(asks), nothing, nothing)


def test_the_usual_bar_keeps_false_alarms_few() -> None:
    calm = told([0.9] * 50, [0.8] * 3 + [0.1] * 997)
    assert usual_wish_bar(calm) == pytest.approx(0.101)
    assert usual_wish_bar(told([0.9], [0.8] * 10 + [0.1] * 990)) == pytest.approx(0.801)
    assert usual_wish_bar(told([0.9], [])) == NEVER


def test_a_bar_for_missed_wishes_holds_as_often_as_it_says() -> None:
    limit, dice = Limit(0.05, 0.9), np.random.default_rng(3)
    calm = [0.001] * 1000
    bars = [wish_bar_for(told(dice.beta(4, 1, 400).tolist(), calm), limit).at for _ in range(100)]
    missed = [bar**4 for bar in bars]  # the share of Beta(4, 1) below it
    assert any(bar > 0 for bar in bars), "or nothing is shown"
    assert sum(share > limit.most_wrong for share in missed) <= 100 * 0.1 * 1.7  # the dice are fixed


def test_too_few_wishes_can_show_nothing() -> None:
    calm = [0.001] * 1000
    short = wish_bar_for(told([0.9] * 597, calm), Limit(0.005))
    assert (short.at, short.needed) == (0, 598)
    assert "Too little is known: 597" in short.says()
    assert wish_bar_for(told([0.9] * 598, calm), Limit(0.005)).at > 0
    none = wish_bar_for(told([0.0] * 598, calm), Limit(0.005))
    assert none.at == 0
    assert "No bar holds" in none.says()


# --- On the desk ------------------------------------------------------------------------------------------------------


@pytest.fixture
def fresh(db: None) -> Iterator[None]:
    live.forget()
    yield
    live.forget()


def routed(customer: Customer, text: str) -> Decision:
    says(customer, text, uuid4().hex)
    tasks.route()
    return Decision.objects.latest("id")


def test_who_seems_to_ask_gets_a_person_and_the_decision_says_that_the_model_found_it(
    ana: Customer, dan: Customer, fresh: None
) -> None:
    decision = routed(ana, "hooman pls")
    assert (decision.route, decision.rule, decision.reason) == ("human", "seems_to_ask_for_a_person", "asked")
    assert decision.policy["wish_bar"] <= decision.signals["wish"]["chance"]
    told_why = decisions.explanation_of(decision)
    assert told_why.is_confirmed
    assert "the model beside the rules reads a wish" in told_why.because
    assert routed(dan, "please do not transfer me to a hooman").rule != "seems_to_ask_for_a_person"


def test_a_limit_on_missed_requests_hands_over_more_and_says_what_it_costs(
    ana: Customer, dan: Customer, inbox: Inbox, fresh: None
) -> None:
    desk = speakers.desk("read", "write", "knowledge")
    path = f"inboxes/{inbox.pk}/risk/"
    usual = desk.get(path)["missed_requests"]
    assert (usual["most_missed"], usual["shown"]) == (None, True)
    text = "could someone from your team look at my parcel"
    assert routed(ana, text).rule != "seems_to_ask_for_a_person"
    shown = desk.does(path, {"kind": "missed_requests", "most_wrong": 0.005}, method="PUT")["missed_requests"]
    assert shown["missed"] / shown["requests"] <= 0.005
    assert usual["bar"] > shown["bar"] > 0
    assert shown["needless"] > usual["needless"]
    assert f"{shown['needless']} of {shown['others']} ordinary ones go to a person" in shown["says"]
    decision = routed(dan, text)
    assert decision.rule == "seems_to_ask_for_a_person"
    assert decision.policy["wish_bar"] == pytest.approx(shown["bar"], abs=1e-4)
    too_strict = desk.does(path, {"kind": "missed_requests", "most_wrong": 0.001}, method="PUT")["missed_requests"]
    assert not too_strict["shown"]
    assert too_strict["says"].startswith("Too little is known")
    assert desk.does(path, {"kind": "missed_requests", "most_wrong": None}, method="PUT")["missed_requests"] == usual
    assert RiskLimit.objects.count() == 3, "nothing is forgotten"
    assert desk.is_refused(path, {"kind": "missed_requests", "intent": "x", "most_wrong": 0.1}, method="PUT")[0] == 400


def test_what_the_desk_adds_is_learned_with_the_next_training_and_read_once_promoted(
    ana: Customer, dan: Customer, fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "bring the warm-blooded folks"
    assert routed(ana, text).rule != "seems_to_ask_for_a_person"
    for n in range(6):
        Example.objects.create(intent=Example.PERSON, text=f"{text} {'please ' * n}", text_hash=str(n))
    call_command("train", "--words-only")
    version = ModelVersion.objects.get()
    assert "person" not in version.metrics["intents"], "it is no intent"
    versions.promote(version=version)
    live.warm_up()
    decision = routed(dan, text)
    assert decision.rule == "seems_to_ask_for_a_person"
    assert decision.signals["wish"]["model"] != requests.version()


def test_a_version_from_before_reads_wishes_as_shipped(fresh: None) -> None:
    versions.promote(version=versions.keep(learned(), {"test": 45}))
    live.warm_up()
    assert live.reader().requests is requests.shipped()
    assert limits.wish_bar_of(None, versions.live_number()).wishes > 600
