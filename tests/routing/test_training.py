"""From examples to a model: what is learned, what is stored, and what is refused and why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from agents.models import Agent
from chat.models import Customer, HandoffPacket, Inbox
from routing import examples
from routing.examples import GUESSED, Given
from routing.learning import compact, crossed, stored
from routing.learning.gate import features, folds
from routing.learning.heads import fit
from routing.learning.terms import Terms
from routing.lesson import material_of
from routing.models import Example, ModelVersion
from routing.signals.words import plain
from tests.cast import queued
from tests.routing.lessons import TEXTS, given, learned


@pytest.fixture(scope="module")
def model() -> crossed.Learned:
    return learned()


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "small.csv"
    path.write_text("text,intent\n" + "".join(f"{each.text},{each.intent}\n" for each in given()))
    return path


# --- The arrays ---


@pytest.mark.parametrize(("kind", "least", "most"), [("word", 1, 2), ("char_wb", 2, 5)])
def test_terms_are_cut_as_the_library_cuts_them(kind: str, least: int, most: int) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    pattern = r"(?u)\b\w+\b"
    analyse = TfidfVectorizer(analyzer=kind, ngram_range=(least, most), token_pattern=pattern).build_analyzer()
    for text in ("where is my order", "a", "I", "", "x-y: 3.50 €!", "wo ist größe", *(each.text for each in given())):
        assert sorted(Terms(kind, least, most)(plain(text))) == sorted(analyse(plain(text)))


@pytest.mark.parametrize("is_with_vectors", [False, True])
def test_what_is_stored_reads_as_what_was_learned(is_with_vectors: bool) -> None:
    material = material_of(given())
    dice = np.random.default_rng(3)
    middle = {name: dice.normal(size=8) for name in TEXTS}
    vectors = np.array([middle[str(name)] + 0.5 * dice.normal(size=8) for name in material.intents])
    vectors = vectors if is_with_vectors else vectors[:, :0]
    heads = fit(material.texts, material.intents, vectors, dice.normal(size=(4, vectors.shape[1])))
    line = compact.Line(np.linspace(-0.3, 0.5, features(heads.read(material.texts, vectors)).shape[1]), -0.3)
    made = compact.boiled_down(heads, line, line, "an encoder" if is_with_vectors else "")
    content = stored.written(made)
    again = stored.opened(content, stored.sha256_of(content))
    read = heads.read(material.texts, vectors)
    for n, text in enumerate(material.texts):
        one = heads.read([text], vectors[n : n + 1])
        for each in (made, again):
            name, right = each.find(plain(text), vectors[n] if is_with_vectors else None)
            assert name == str(heads.names[read.best[n]])
            assert right == pytest.approx(line.chance(one), abs=0.01)


def test_a_damaged_model_is_refused(model: crossed.Learned) -> None:
    content = stored.written(model.model)
    with pytest.raises(stored.Damaged):
        stored.opened(content[:-1] + b"x", stored.sha256_of(content))


def test_a_model_of_an_older_release_is_refused(model: crossed.Learned, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(stored, "FORMAT", stored.FORMAT - 1)
        content = stored.written(model.model)
    with pytest.raises(stored.Damaged, match="train again"):
        stored.opened(content, stored.sha256_of(content))


# --- What no intent answers ---


def test_what_no_intent_answers_is_known_by_its_likes_and_is_nobodys_nearest_example() -> None:
    dice = np.random.default_rng(4)
    middle = 3 * dice.normal(size=(3, 8))
    near = [each + 0.5 * dice.normal(size=(12, 8)) for each in middle]
    inside, names = np.concatenate(near[:2]), np.repeat(["music", "travel"], 12)
    asked = np.array([middle[0], middle[2]])
    texts = ["a song"] * 12 + ["a train"] * 12
    shown = fit(texts, names, inside, near[2]).read(["a song", "a moon"], asked)
    assert shown.outside[0] < 0.2 < 0.5 < shown.outside[1]
    assert shown.nearest[0].min() > shown.nearest[1].max()
    assert not fit(texts, names, inside).read(["a song", "a moon"], asked).outside.any()


def test_each_text_outside_is_asked_once_by_readers_that_had_learnt_from_the_others() -> None:
    outside = np.arange(60) % 5 == 0
    made = folds(np.where(outside, "oos", np.array(["music", "travel"])[np.arange(60) % 2]), outside)
    for taught, asked in made:
        assert not set(taught) & set(asked)
        assert outside[taught].any()
        assert outside[asked].any()
    assert sorted(row for _, asked in made for row in asked if outside[row]) == np.flatnonzero(outside).tolist()


def test_figures_come_from_texts_held_back_and_have_intervals(model: crossed.Learned) -> None:
    accuracy = model.metrics["accuracy"]
    assert 0.5 < accuracy["low"] <= accuracy["value"] <= accuracy["high"] <= 1
    assert model.metrics["intents"]["music"]["examples"] == 15


def test_few_examples_are_enough_and_nonsense_is_less_sure(model: crossed.Learned) -> None:
    few = learned([each for each in given() if each.text.endswith("today")]).model
    assert few.find("will it rain tomorrow", None)[0] == "weather"
    sure, unsure = (model.model.find(text, None)[1] for text in ("play a song today", "qwertz zxcvb"))
    assert sure > unsure


# --- What is refused ---


def test_each_problem_is_named_with_its_place_and_what_to_do() -> None:
    bad = [
        Given("", "weather", "a.csv: line 2", "files"),
        Given("hello there", " ", "a.csv: line 3", "files"),
        Given("x" * 2_001, "weather", "a.csv: line 4", "files"),
        Given("Play  a song TODAY", "travel", "a.csv: line 5", "files"),
        Given("one alone", "lonely", "a.csv: line 6", "files"),
    ]
    problems = examples.sifted([*given(), *bad]).problems
    assert problems == [
        "a.csv: line 2: the text has no words; write what a customer would write, or remove it",
        "a.csv: line 3: the intent is empty; name it",
        "a.csv: line 4: the text is longer than 2000 characters; shorten it",
        "music today (music) and a.csv: line 5 (travel): the same text under 2 intents; keep one",
        "intent lonely: 1 examples; give it 4 more or remove it",
    ]


def test_one_intent_is_nothing_to_tell_apart() -> None:
    (problem,) = examples.sifted([each for each in given() if each.intent == "music"]).problems
    assert problem.startswith("1 intents: at least 2 are needed")


def test_a_person_has_the_last_word_over_what_was_shipped_or_guessed() -> None:
    guess = Given("play a song today", "travel", "handoff 1", "scores", GUESSED)
    found = examples.sifted([guess, *given()])
    assert found.problems == []
    assert found.counts() == {"test": 45}


@pytest.mark.django_db
def test_bad_files_stop_the_command(csv: Path) -> None:
    csv.write_text(csv.read_text() + "play a song today,travel\n")
    with pytest.raises(CommandError, match=r"small.csv: line 17 \(music\) and .*small.csv: line 47 \(travel\)"):
        call_command("train", file=[csv], without_shipped=True, words_only=True)
    csv.write_text("a,b\n")
    with pytest.raises(CommandError, match="line 1: the columns text and intent are needed"):
        call_command("train", file=[csv], without_shipped=True, words_only=True)
    assert not ModelVersion.objects.exists()


def test_the_shipped_examples_are_sound() -> None:
    assert examples.sifted(examples.shipped()).problems == []


# --- What people said ---


@pytest.mark.django_db
def test_scored_handoffs_teach_what_was_needless_and_what_nobody_could_answer(ana: Customer, bob: Agent) -> None:
    conversation = queued(ana)
    packet = HandoffPacket.objects.get(conversation=conversation)
    asked = conversation.messages.filter(author_kind="customer").latest("seq").text
    assert list(examples.of_scores([])) == []
    packet.packet["intent"] = "delivery_info"
    packet.score = "needless"
    packet.save()
    (taught,) = examples.of_scores([])
    assert (taught.text, taught.intent, taught.source) == (asked, "delivery_info", "scores")
    packet.packet["intent"], packet.score, packet.reason = None, "right", "bot_failed"
    packet.save()
    assert [each.intent for each in examples.of_scores([])] == [Example.OUTSIDE]
    assert list(examples.of_scores(["another"])) == []


@pytest.mark.django_db
def test_an_inbox_trains_on_its_own_examples_and_everybodys(inbox: Inbox) -> None:
    other = Inbox.objects.create(name="Other")
    for where, text in ((inbox, "mine"), (None, "everybody's"), (other, "theirs")):
        Example.objects.create(inbox=where, intent="x", text=text, text_hash=examples.hash_of(text))
    assert [each.text for each in examples.of_desk([inbox.site_key])] == ["mine", "everybody's"]
    assert len(list(examples.of_desk([]))) == 3
