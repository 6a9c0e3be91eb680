"""Rules of human-only topics that a desk edits: lines as people write them, versions, and routing that obeys."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from agents.models import Agent, Role
from chat.models import Customer, Inbox
from routing import decisions, live, rulebook, tasks, topics
from routing.models import Decision, TopicRules
from routing.rulebook import BadLine, Change
from tests.api import speakers
from tests.cast import conversation_of, says


@pytest.mark.parametrize(
    ("line", "language", "takes", "leaves"),
    [
        ("gift card", "en", "A GIFT  card!", "gift cards"),
        ("gift card*", "en", "gift cards", "a gifted card"),
        ("Betrüger*", "de", "BETRÜGEREIEN", "getrübt"),
        ("what?", "en", "so what now", "wha"),
        ("/fake ?shops?/", "en", "it is a fakeshop", "fakeshopping"),
        ("/\\d{4} Öfen/", "de", "1234 öfen", "123 öfen"),
        ("мошенни*", "ru", "Это мошенники", "он не мошен"),
        ("骗子", "zh", "他是骗子吗", "他是谁"),
    ],
)
def test_a_line_is_words_or_a_pattern_and_sees_what_the_rules_see(
    line: str, language: str, takes: str, leaves: str
) -> None:
    read = rulebook.book(1, {"own": Change(about="x", own={language: (line,)})})
    assert read.find(takes) is not None
    assert read.find(leaves) is None


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("/(a/", "missing \\)"),
        ("***", "no words"),
        ("/.*/", "every message"),
        ("/\\w+/", "every message"),
        ("x" * 301, "longer than 300"),
        ("/(?=a)b/", "cannot be read"),
        ("/((a{100}){100}){100}/", "cannot be read"),
    ],
)
def test_a_line_that_is_no_rule_says_why(line: str, why: str) -> None:
    with pytest.raises(BadLine, match=why):
        rulebook.compiled(line, "en")


def test_of_many_lines_the_one_is_found_that_takes_it() -> None:
    lines = tuple(f"voucher {n:03}*" for n in range(rulebook.LINES_MOST))
    read = rulebook.book(1, {"fraud": Change(own={"en": lines, "zh": ("骗子",)})})
    assert len(read.gate) > 1, "or there is nothing to show"
    taken = read.first("“Voucher 199th”😡?")
    assert taken is not None
    assert (taken.line, taken.words) == ("voucher 199*", "voucher 199th")
    assert read.first("a voucher") is None
    assert read.first("他是骗子吗") is not None


def test_a_topic_is_switched_off_whole_or_rule_by_rule() -> None:
    told = "I was scammed"
    assert rulebook.book(1, {"fraud": Change(is_off=True)}).find(told) is None
    first = rulebook.shipped()[1].shipped["en"][0]
    but_one = rulebook.book(1, {"fraud": Change(dropped=frozenset([rulebook.mark(first)]))})
    assert but_one.find(told) is None
    kept = but_one.find("somebody used my card")
    assert kept is not None
    assert kept.rule == "fraud.en.8"


def test_own_rules_stand_at_their_topics_place() -> None:
    changes = {
        "danger": Change(own={"en": ("blue lamp",)}),
        "lamps": Change(about="lamps", own={"en": ("blue lamp",)}),
    }
    found = rulebook.book(7, changes).find("The blue lamp")
    assert found is not None
    assert (found.rule, found.priority) == ("danger.en.own.1 of version 7", 90)


# --- On the desk ------------------------------------------------------------------------------------------------------


@pytest.fixture
def sam(bob: Agent, flushed: None) -> speakers.Speaker:
    bob.role = Role.SUPERVISOR
    bob.save()
    live.forget()
    return speakers.agent(bob, "read", "write", "knowledge")


def given(version: int, **changed: Any) -> dict[str, Any]:
    return {"version": version, **changed}


def topic(shown: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [each for each in shown["items"] if each["name"] == name]
    return dict(found)


@pytest.mark.django_db
def test_saving_is_a_version_and_taking_back_is_one_more(sam: speakers.Speaker) -> None:
    before = sam.get("human-only/")
    assert (before["version"], before["versions"]) == (0, [])
    assert [each["name"] for each in before["items"]][:2] == ["danger", "fraud"]
    own = {"en": ["gift card scheme", ""], "fr": []}
    first = sam.does("human-only/topics/fraud/", given(0, own=own), method="PUT")
    assert topic(first, "fraud")["change"]["own"] == {"en": ["gift card scheme", ""]}
    assert first["versions"][0]["what"] == "fraud: added “gift card scheme”"
    assert sam.is_refused("human-only/topics/fraud/", given(0, is_off=True), method="PUT") == (409, "conflict")
    second = sam.does(
        "human-only/topics/gifts/", given(first["version"], about="gifts", own={"de": ["geschenk*"]}), method="PUT"
    )
    assert topic(second, "gifts")["is_own"] is True
    back = sam.does("human-only/restore/", {"version": second["version"], "to": first["version"]})
    assert [each["name"] for each in back["items"] if each["is_changed"]] == ["fraud"]
    shipped = sam.does("human-only/topics/fraud/", method="DELETE")
    assert [each for each in shipped["items"] if each["is_changed"]] == []
    assert TopicRules.objects.count() == 4, "no row is ever changed"
    assert sam.is_refused("human-only/restore/", {"version": shipped["version"], "to": 999}) == (404, "not_found")


@pytest.mark.django_db
def test_each_bad_line_is_named(sam: speakers.Speaker) -> None:
    own = {"en": ["fine", "/(a/"], "de": ["/[/"]}
    status, answered = sam.says("PUT", "human-only/topics/fraud/", given(0, own=own))
    error = answered["error"]
    assert (status, error["code"]) == (400, "bad_pattern")
    assert [each["at"] for each in error["problems"]] == ["en.2", "de.1"]
    assert error["message"].startswith("en, line 2: the pattern cannot be read: missing )")
    assert not TopicRules.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("gifts", {"own": {"en": ["x"]}}),
        ("Gifts", {"about": "gifts"}),
        ("fraud", {"own": {"english": ["x"]}}),
        ("fraud", {"own": {"en": ["x"] * 201}}),
        ("fraud", {"priority": 1000}),
        ("fraud", {"dropped": ["fraud.en.1"]}),
        ("fraud", {"own": {"en": ["a\x00b"]}}),
    ],
)
def test_what_cannot_be_kept_is_refused(sam: speakers.Speaker, name: str, changed: dict[str, Any]) -> None:
    status, _ = sam.is_refused(f"human-only/topics/{name}/", given(0, **changed), method="PUT")
    assert status == 400


@pytest.mark.django_db
def test_agents_neither_see_nor_change_them(bob: Agent) -> None:
    speaker = speakers.agent(bob)
    assert speaker.is_refused("human-only/", method="GET") == (403, "forbidden")
    assert speaker.is_refused("human-only/topics/fraud/", given(0), method="PUT") == (403, "forbidden")
    assert speaker.is_refused("human-only/try/", {"text": "hello"}) == (403, "forbidden")


@pytest.mark.django_db(transaction=True)
def test_a_sentence_is_tried_before_anything_is_saved(sam: speakers.Speaker, inbox: Inbox, ana: Customer) -> None:
    says(ana, "I lost my voucher", str(uuid4()))
    found = sam.does("human-only/try/", {"text": "Hi, my card was stolen!"})["found"]
    assert (found["rule"], found["words"], found["is_own"]) == ("fraud.en.4", "card was stolen", False)
    change = {"own": {"en": ["voucher"]}}
    draft = {"text": "a voucher please", "topic": "fraud", "change": change}
    tried = sam.does("human-only/try/", draft)
    assert (tried["found"]["line"], tried["found"]["words"]) == ("voucher", "voucher")
    assert (tried["messages"], tried["newly"], tried["no_more"]) == (1, 1, 0)
    assert tried["samples"] == ["I lost my voucher"]
    assert sam.does("human-only/try/", {"text": "a voucher please"})["found"] is None
    bad = {**draft, "change": {"own": {"en": ["/(/"]}}}
    assert sam.is_refused("human-only/try/", bad) == (400, "bad_pattern")
    assert not TopicRules.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_routing_keeps_to_the_newest_and_each_decision_names_its_version(
    sam: speakers.Speaker, inbox: Inbox, ana: Customer
) -> None:
    version = sam.does("human-only/topics/fraud/", given(0, own={"en": ["voucher"]}), method="PUT")["version"]
    says(ana, "about my voucher", str(uuid4()))
    tasks.route()
    row = Decision.objects.get()
    assert (row.rule, row.policy["topics"]) == ("human_only_topic", version)
    assert row.signals["human_only"]["rule"] == f"fraud.en.own.1 of version {version}"
    sam.does("human-only/restore/", {"version": version, "to": 0})
    again = topics.opened(row.policy["topics"]).find(decisions.text_of(row))
    assert again is not None, "the version that read it is kept"
    assert again.rule == row.signals["human_only"]["rule"]
    assert decisions.explanation_of(row).is_confirmed, "decided again by what was read then"
    assert conversation_of(ana).state == "queued"


@pytest.mark.django_db
def test_of_two_who_save_at_once_one_is_told() -> None:
    topics.save(base=0, name="fraud", change=Change(is_off=True), by=None)
    with pytest.raises(topics.SavedMeanwhile):
        topics.save(base=0, name="legal", change=Change(is_off=True), by=None)
