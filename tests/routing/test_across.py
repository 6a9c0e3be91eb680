"""Topics and wishes spread over messages: found once, never again, and a refusal stays a refusal."""

from __future__ import annotations

import pytest

from routing.signals import across, human_only, human_request


@pytest.mark.parametrize(
    ("earlier", "text", "topic"),
    [
        (["I want to kill"], "myself", "danger"),
        (["I want to kill..."], "myself", "danger"),
        (["hi", "I want to", "kill"], "myself", "danger"),
        (["my husband"], "died last week", "bereavement"),
        (["mein Vater ist"], "tot", "bereavement"),
        (["ma carte a été"], "volée", "fraud"),
    ],
)
def test_a_topic_in_pieces_is_recognised(earlier: list[str], text: str, topic: str) -> None:
    assert human_only.find(text) is None
    found = across.human_only_topic(earlier, text)
    assert found is not None
    assert found.topic == topic


@pytest.mark.parametrize(
    ("earlier", "text"),
    [
        (["I want to talk to a"], "person"),
        (["can I talk"], "to someone"),
        (["ich möchte mit einem"], "Menschen sprechen"),
        (["je veux parler"], "à un conseiller"),
        (["no"], "agent please"),
        (["I don't want a refund"], "talk to a person"),
    ],
)
def test_a_wish_in_pieces_is_heard(earlier: list[str], text: str) -> None:
    assert across.wish_for_a_person(earlier, text) is not None


@pytest.mark.parametrize(
    ("earlier", "text"),
    [
        (["I don't want to"], "talk to a person"),
        (["Please don't"], "transfer me to an agent"),
        (["I don't need a person"], "just the price"),
        (["ich möchte nicht"], "mit einem Menschen sprechen"),
        (["je ne veux pas parler"], "à un humain"),
    ],
)
def test_a_refusal_in_pieces_is_no_wish(earlier: list[str], text: str) -> None:
    assert across.wish_for_a_person(earlier, text) is None


def test_what_an_earlier_message_says_by_itself_does_not_count_again() -> None:
    assert human_only.find("my account was hacked")
    assert across.human_only_topic(["my account was hacked", "ok"], "how long is delivery") is None
    assert human_request.find("I want to talk to a person")
    assert across.wish_for_a_person(["I want to talk to a person"], "where is my order") is None


def test_finished_sentences_are_not_joined_into_a_topic() -> None:
    assert across.human_only_topic(["Is there a discount for my friend?"], "died bulbs are refunded?") is None


def test_joining_is_bounded() -> None:
    assert len(across.joined(["x" * 5000] * 3, "y" * 5000)) <= 4 * across.CHARS + 3
