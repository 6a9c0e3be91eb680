"""Which model reads: promoted, rolled back, swapped under load; and who falls back on what."""

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

from chat.models import Customer, Inbox
from routing import drain, live, versions
from routing.checks import encoder_is_there
from routing.learning import crossed
from routing.lesson import material_of
from routing.models import Decision, ModelVersion, Promotion
from routing.reader import Trained
from routing.signals import intent
from routing.signals.intent import SHIPPED
from supportdesk.encoder import choice, place
from supportdesk.encoder.choice import Silent
from tests.cast import says
from tests.routing.lessons import given, learned
from tests.routing.test_remarks import ALIKE


@pytest.fixture(scope="module")
def model() -> crossed.Learned:
    return learned()


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "small.csv"
    path.write_text("text,intent\n" + "".join(f"{each.text},{each.intent}\n" for each in given()))
    return path


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    live.forget()
    yield
    live.forget()


# --- Versions ---


@pytest.mark.django_db
def test_train_promote_roll_back(csv: Path) -> None:
    def said(*words: str, **options: Any) -> str:
        call_command(*words, stdout=(out := StringIO()), **options)
        return out.getvalue()

    with pytest.raises(CommandError, match="nothing to go back to"):
        call_command("model", "rollback")
    told = said("train", file=[csv], without_shipped=True, words_only=True)
    assert "45 examples: 45 files" in told
    assert "reads poorly" not in told
    with csv.open("a") as more:
        more.writelines(f"{each.text},{each.intent}\n" for each in ALIKE)
    assert "reads poorly" in said("train", file=[csv], without_shipped=True, words_only=True)
    first, second = ModelVersion.objects.order_by("pk")
    live.warm_up()
    assert live.reader() is SHIPPED, "trained is not promoted"
    with pytest.raises(CommandError, match="there is no version 0"):
        call_command("model", "promote", "0")
    for version in (first, second, second):
        said("model", "promote", str(version.pk), stderr=(warned := StringIO()))
        assert ("reads poorly" in warned.getvalue()) == (version == second)
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


ABOUT = (("rain", "sunny", "cold", "forecast", "snow"), ("song", "music", "band", "track", "sing"), ("flight", "Rome"))


class Says:
    """An encoder of three numbers, one for each thing that is spoken of."""

    name = "says"

    def __init__(self, is_silent: bool = False) -> None:
        self.is_silent = is_silent

    def vectors(self, texts: Any) -> Any:
        if self.is_silent:
            raise Silent("a test")
        return np.array([[any(word in text for word in about) for about in ABOUT] for text in texts], float)


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
