"""The boiled-down classifier gives the library's own probabilities, and the rules' gates let everything through."""

from __future__ import annotations

import re

import pytest

from routing.signals import human_only, human_request, intent, rules
from routing.signals.model import Model
from routing.signals.words import plain, readings


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [plain(text) for text in (*intent.examples()[0], "", "?!", "words nobody has ever taught", "привет")]


def test_a_models_chances_are_the_pipelines(texts: list[str]) -> None:
    trained = intent.build().fit(*intent.examples())
    model = Model.of(trained)
    for text, expected in zip(texts, trained.predict_proba(texts), strict=True):
        assert list(model.chances(text).values()) == pytest.approx(expected, abs=1e-12)
    assert model.names == tuple(trained.classes_)


@pytest.mark.parametrize("more", ["", " é я"])
def test_a_gate_opens_wherever_one_of_its_patterns_matches(texts: list[str], more: str) -> None:
    patterns = [pattern for pattern, _ in human_only._all()]
    gate = rules.Gate(patterns)
    said = [text + more for text in (*texts, "I want to kill myself", "mein konto wurde gehackt")]
    opened = [text for text in said if gate.search(text)]
    assert {text for text in said if any(p.search(text) for p in patterns)} <= set(opened)
    assert 2 <= len(opened) < len(said) / 4


def test_a_gate_leaves_conditions_out_and_nothing_else() -> None:
    gate = rules.Gate([rules.bordered(r"(?:pay|sue) (?! (?:me|\)x)y)you(?=[)(]| now)[?)]"), re.compile("人")])
    assert gate.search("will pay you? so")
    assert gate.search("本人")
    assert not gate.search("will pay you")


@pytest.mark.parametrize(
    "text",
    [
        "agent",
        "I want a person, please",
        "no bots: let me talk to somebody",
        "kann ich mit einem menschen sprechen",
        "人工客服",
    ],
)
def test_what_asks_for_a_person_passes_the_gate(text: str) -> None:
    assert any(human_request._may_ask(said) for said in readings(text))
    assert human_request.find(text) is not None
