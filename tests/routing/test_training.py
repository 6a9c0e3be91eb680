"""From examples to a live model: what is refused and why, what is kept, who promotes, and who falls back on what."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from agents.models import Agent
from chat.models import Customer, HandoffPacket, Inbox
from routing import drain, examples, live, versions
from routing.checks import encoder_is_there
from routing.examples import GUESSED, Given
from routing.learning import compact, crossed, stored
from routing.learning.gate import features
from routing.learning.heads import fit
from routing.learning.terms import Terms
from routing.management.commands.train import material_of
from routing.models import Decision, Example, ModelVersion, Promotion
from routing.reader import Trained
from routing.signals import intent
from routing.signals.intent import SHIPPED
from routing.signals.words import plain
from supportdesk.encoder import choice, place
from supportdesk.encoder.choice import Silent
from tests.cast import queued, says

TEXTS = {
    "weather": ("will it rain {}", "is it sunny {}", "how cold is it {}", "the forecast for {}", "does it snow {}"),
    "music": ("play a song {}", "turn the music up {}", "which band is this {}", "skip the track {}", "sing to me {}"),
    "travel": ("book a flight {}", "a train to Rome {}", "find me a hotel {}", "rent a car {}", "when is boarding {}"),
}
WHEN = ("today", "tomorrow", "on Friday")


def given() -> list[Given]:
    return [
        Given(said.format(when), name, f"{name} {when}", "test")
        for name, texts in TEXTS.items()
        for said in texts
        for when in WHEN
    ]


def learned(texts: list[Given] | None = None) -> crossed.Learned:
    material = material_of(texts or given())
    return crossed.learn(material, np.zeros((len(material.texts), 0)), "", lambda line: None)


@pytest.fixture(scope="module")
def model() -> crossed.Learned:
    return learned()


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    live.forget()
    yield
    live.forget()


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
    heads = fit(material.texts, material.intents, vectors)
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


# --- Versions ---


@pytest.mark.django_db
def test_train_promote_roll_back(csv: Path) -> None:
    def said(*words: str, **options: Any) -> str:
        call_command(*words, stdout=(out := StringIO()), **options)
        return out.getvalue()

    with pytest.raises(CommandError, match="nothing to go back to"):
        call_command("model", "rollback")
    for _ in range(2):
        told = said("train", file=[csv], without_shipped=True, words_only=True)
    assert "45 examples: 45 files" in told
    first, second = ModelVersion.objects.order_by("pk")
    live.warm_up()
    assert live.reader() is SHIPPED, "trained is not promoted"
    with pytest.raises(CommandError, match="there is no version 0"):
        call_command("model", "promote", "0")
    for version in (first, second, second):
        said("model", "promote", str(version.pk))
    assert f"* {second.pk}  {second.name}" in said("model", "list")
    live.warm_up()
    assert live.reader().version == second.name
    (found,) = live.reader().find(["will it snow tomorrow"])
    assert (found.intent and found.intent.name, found.model) == ("weather", second.name)
    assert found.intent is not None
    assert found.intent.confidence == found.right
    said("model", "rollback")
    assert versions.live_number() == first.pk
    said("model", "rollback")
    assert "* -  shipped" in said("model", "list")
    assert live.reader() is SHIPPED
    assert Promotion.objects.count() == 4, "what was live when is never forgotten"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_promote_at_once_one_is_told(model: crossed.Learned) -> None:
    both = [versions.keep(model, {}), versions.keep(model, {})]
    ready = Barrier(2)

    def promotes(version: ModelVersion) -> str:
        try:
            seen = versions.newest()
            ready.wait()
            versions.follow(seen, version, back_to=seen, by=None)
        except versions.PromotedMeanwhile:
            return "told"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(promotes, both)) == ["done", "told"]
    assert Promotion.objects.count() == 1


@pytest.mark.django_db
def test_a_version_that_cannot_be_loaded_leaves_the_one_before(model: crossed.Learned) -> None:
    good, bad = versions.keep(model, {}), versions.keep(model, {})
    ModelVersion.objects.filter(pk=bad.pk).update(content=b"x")
    versions.promote(version=good)
    live.warm_up()
    versions.promote(version=bad)
    live.warm_up()
    assert live.reader().version == good.name


@pytest.mark.django_db(transaction=True)
def test_promoting_under_load_drops_nothing_and_never_mixes_versions(model: crossed.Learned, inbox: Inbox) -> None:
    """Two workers drain while customers write and versions change, until each of both has read something."""
    both = [versions.keep(model, {}), versions.keep(model, {})]
    customers = [Customer.objects.create(inbox=inbox) for _ in range(12)]
    over = Event()

    def works() -> int:
        try:
            while not over.is_set():
                drain.drain()
            drain.drain()
        finally:
            connections.close_all()
        return 0

    def names() -> set[str]:
        return set(Decision.objects.values_list("signals__model", flat=True))

    posted, promoted = 0, set()
    with ThreadPoolExecutor(2) as threads:
        workers = [threads.submit(works) for _ in range(2)]
        for number in range(60):
            version = both[number % 2]
            if number < 2 or both[(number - 1) % 2].name in names():
                versions.promote(version=version)
                promoted.add(version.name)
            for customer in customers:
                says(customer, "will it rain tomorrow", f"load-{number:06}")
                posted += 1
            if promoted <= names() and len(promoted) == 2:
                break
        over.set()
        assert [worker.result() for worker in workers] == [0, 0]
    while not drain.drain():
        pass
    rows = Decision.objects.all()
    assert promoted <= names()
    for row in rows:
        assert row.model_version.startswith(f"{row.signals['model']} "), "one version from signal to decision"
        assert row.route == "bot" or row.reason
    last = {row.conversation_id: row.upto_seq for row in rows.order_by("upto_seq")}
    for customer in customers:
        for conversation in customer.conversations.all():
            says_last = conversation.messages.filter(author_kind="customer").latest("seq")
            assert conversation.state != "bot" or last[conversation.pk] == says_last.seq, "nothing waits unread"


# --- Encoders ---


class Says:
    """An encoder of two numbers."""

    name = "says"

    def __init__(self, is_silent: bool = False) -> None:
        self.is_silent = is_silent

    def vectors(self, texts: Any) -> Any:
        if self.is_silent:
            raise Silent("a test")
        return np.array([[("rain" in text), ("song" in text)] for text in texts], float)


def test_a_silent_encoder_leaves_the_words_and_the_decision_says_so() -> None:
    material = material_of(given())
    made = crossed.learn(material, Says().vectors(material.texts), "says", lambda line: None).model
    (heard,) = Trained("m1", made, Says()).find(["will it rain"])
    (unheard,) = Trained("m1", made, Says(is_silent=True)).find(["will it rain"])
    assert (heard.model, unheard.model) == ("m1", "m1 words")
    assert heard.intent is not None
    assert unheard.intent is not None
    assert heard.intent.name == unheard.intent.name == "weather"
    (none,) = Trained("m1", made, None).find(["12 34"])
    assert none.intent is None


@pytest.mark.skipif(not place.is_built(), reason="the encoder is not built")
def test_with_the_encoder_few_examples_reach_words_never_seen() -> None:
    encoder = choice.chosen()
    assert encoder is not None
    material = material_of([each for each in given() if each.text.endswith("today")])
    made = crossed.learn(material, encoder.vectors(material.texts).astype(float), encoder.name, lambda line: None).model
    for text, name in (("any chance of a thunderstorm?", "weather"), ("I need a room near the airport", "travel")):
        assert made.find(text, encoder.vectors([text])[0])[0] == name


def test_check_says_what_is_missing(settings: Any) -> None:
    def ids() -> list[str | None]:
        return [each.id for each in encoder_is_there()]

    settings.ENCODER = "none"
    assert ids() == ["routing.W001"]
    assert choice.chosen() is None
    settings.ENCODER, settings.ENCODER_URL = "endpoint", ""
    assert ids() == ["routing.E001"]
    settings.ENCODER = "minilm"
    assert ids() == ([] if place.is_built() else ["routing.W002"])


def test_the_shipped_reader_goes_on_as_before() -> None:
    (found,) = SHIPPED.find(["where is my order"])
    assert found.intent == intent.find("where is my order")
    assert (found.right, found.model) == (None, intent.version())
