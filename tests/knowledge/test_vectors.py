"""Passages find their vectors in the background, and a question finds them by what it means."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from chat.models import Inbox
from knowledge import actions, embedding, vectors
from knowledge.models import Passage
from knowledge.search import search
from knowledge.support import weights
from routing import tasks
from routing.management.commands import load_demo
from supportdesk.encoder.minilm import MiniLM
from tests.peers import Peer

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db: None) -> Inbox:
    inbox = load_demo.load_inbox()
    load_demo.load_articles(inbox)
    embedding.embed(100)
    return inbox


def article(inbox: Inbox, *texts: str) -> int:
    body = "\n\n".join(f"## Part {number}\n{text}" for number, text in enumerate(texts, 1))
    saved = actions.save_article(inbox_id=inbox.pk, title="Lamps", body=body, slug="lamps")
    return actions.publish(article_id=saved.pk).pk


def pending() -> int:
    return embedding.progress().pending


def test_the_vector_is_the_last_layers_alone() -> None:
    (written,) = vectors.of(["where is my parcel"], MiniLM())
    (whole,) = MiniLM().vectors(["where is my parcel"])
    assert written is not None
    numbers = np.array([float(number) for number in written.strip("[]").split(",")])
    assert np.allclose(numbers, whole[:384], atol=1e-4)
    assert np.linalg.norm(numbers) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("my package hasnt shown up", "track-your-order"),
        ("i locked myself out of my profile", "account-and-password"),
        ("need a receipt for my tax office", "invoices"),
        ("swap it for the black one", "exchanges"),
        ("screws are not in the box", "damaged-or-wrong-item"),
        ("forget the order i made an hour ago", "change-or-cancel-an-order"),
    ],
)
def test_other_words_for_the_same_find_the_article(shop: Inbox, question: str, slug: str) -> None:
    assert search(shop.pk, question, "en", 1)[0].slug == slug


@pytest.mark.parametrize("question", ["mumbai to chennai", "viswa", "tell me a joke", "5 gb plan"])
def test_what_has_nothing_to_do_with_the_shop_stays_below_the_floor(shop: Inbox, question: str) -> None:
    hits = search(shop.pk, question, "en", 1)
    assert not hits or hits[0].score < shop.support_floor


def test_a_search_by_meaning_too_is_one_query(shop: Inbox, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        hits = search(shop.pk, "the courier says its delivered but i have nothing", "en")
    assert all(hit.cosine is not None and 0 < hit.score < 1 for hit in hits)


def test_a_passage_is_found_by_its_words_before_it_has_a_vector_and_by_both_after(inbox: Inbox) -> None:
    article(inbox, "The shade is made of linen.")
    (before,) = search(inbox.pk, "linen shade", "en")
    assert (before.cosine, before.score) == (None, before.share)
    tasks.embed()
    (after,) = search(inbox.pk, "linen shade", "en")
    assert after.cosine is not None
    assert after.score != after.share


def test_only_what_has_changed_is_read_again(inbox: Inbox) -> None:
    saved = article(inbox, "one lamp", "two lamps", "three lamps")
    assert (pending(), embedding.embed(), pending()) == (3, 3, 0)
    actions.save_article(
        inbox_id=inbox.pk, title="Lamps", article_id=saved,
        body="## Part 1\none lamp\n\n## Part 2\ntwo new lamps\n\n## Part 3\nthree lamps",
    )  # fmt: skip
    assert [passage.position for passage in Passage.objects.filter(encoder="")] == [2]
    assert (embedding.embed(), embedding.embed()) == (1, 0)


def test_a_new_encoder_reads_all_again_in_bounded_steps_while_words_still_find(inbox: Inbox) -> None:
    article(inbox, *(f"brass piece {number}" for number in range(70)))
    embedding.embed(100)
    Passage.objects.update(encoder="minilm-of-before")
    (hit, *_) = search(inbox.pk, "brass", "en")
    assert hit.cosine is None
    assert [embedding.embed(1) for _ in range(4)] == [32, 32, 6, 0]
    assert search(inbox.pk, "brass", "en")[0].cosine is not None


def test_without_an_encoder_words_find_alone_and_nothing_is_pending(inbox: Inbox, settings: Any) -> None:
    article(inbox, "The shade is made of linen.")
    embedding.embed()
    settings.ENCODER = "none"
    assert (embedding.embed(), embedding.progress()) == (0, embedding.Progress("", 1, 0))
    (hit,) = search(inbox.pk, "linen", "en")
    assert (hit.cosine, hit.score) == (None, hit.share)


def test_a_silent_endpoint_leaves_the_words_and_the_passages_pending(inbox: Inbox, peer: Peer, settings: Any) -> None:
    settings.ENCODER, settings.ENCODER_URL, settings.ENCODER_MODEL = "endpoint", peer.url, "silent"
    peer.gives((500, {}))
    article(inbox, "The shade is made of linen.")
    assert (embedding.embed(), pending()) == (0, 1)
    assert search(inbox.pk, "linen", "en")[0].cosine is None


def test_vectors_of_an_endpoint_have_their_own_width_and_order_without_a_chance(
    inbox: Inbox, peer: Peer, settings: Any
) -> None:
    settings.ENCODER, settings.ENCODER_URL, settings.ENCODER_MODEL = "endpoint", peer.url, "two-numbers"
    assert weights("endpoint/two-numbers", "en") is None
    article(inbox, "the shade is linen", "the foot is brass")
    peer.gives((200, {"data": [{"index": 0, "embedding": [1, 0]}, {"index": 1, "embedding": [0, 1]}]}))
    assert embedding.embed() == 2
    peer.gives((200, {"data": [{"index": 0, "embedding": [0.1, 1]}]}))
    hits = search(inbox.pk, "metal", "en")
    assert [(hit.text, hit.score) for hit in hits] == [("the foot is brass", 0.0)]


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_read_other_passages(inbox: Inbox) -> None:
    article(inbox, *(f"brass piece {number}" for number in range(40)))
    with transaction.atomic():
        assert len(Passage.objects.order_by("pk").select_for_update()[:30]) == 30
        with ThreadPoolExecutor(1) as other:
            assert other.submit(in_a_session_of_its_own).result() == 10
    assert pending() == 30


def in_a_session_of_its_own() -> int:
    try:
        return embedding.embed()
    finally:
        connection.close()
