"""What the articles say about a question, how well, and where a source leads."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from agents.models import Agent
from chat.models import Inbox
from knowledge import actions
from knowledge.models import Article, Passage
from knowledge.search import Hit, search
from routing.management.commands import load_demo
from supportdesk.demo import DEMO_SITE_KEY

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db: None) -> Inbox:
    inbox = load_demo.load_inbox()
    load_demo.load_articles(inbox)
    return inbox


def best(inbox: Inbox, text: str, language: str = "en") -> Hit | None:
    return next(iter(search(inbox.pk, text, language, 1)), None)


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("how long does delivery take?", "delivery-times-and-costs"),
        ("do you ship to Norway", "delivery-times-and-costs"),
        ("my lamp arrived broken", "damaged-or-wrong-item"),
        ("where is my order", "track-your-order"),
        ("my order has not arrived yet", "track-your-order"),
        ("can I pay with PayPal", "payment-methods"),
        ("how do I clean brass", "care-and-cleaning"),
        ("cancel my order please", "change-or-cancel-an-order"),
        ("what are your opening hours", "contact-and-opening-hours"),
        ("forgot my password", "account-and-password"),
        ("I need an invoice with VAT number", "invoices"),
        ("how long is the warranty", "warranty"),
        ("my gift card code", "gift-cards-and-discounts"),
        ("the lamp flickers", "bulbs-and-dimming"),
        ("is it in stock", "availability"),
        ("How long do I have to return a lamp?", "returns"),
        ("How long do refunds take?", "refunds"),
        ("When will my order arrive?", "track-your-order"),
        ("where is my parcel", "track-your-order"),
        ("how much is shipping", "delivery-times-and-costs"),
        ("do you sell gift cards", "gift-cards-and-discounts"),
        ("how do I send something back", "returns"),
        ("what payment methods do you accept", "payment-methods"),
        ("do you accept credit cards", "payment-methods"),
        ("who pays for return shipping", "returns"),
        ("is return shipping free", "returns"),
        ("what is your return policy", "returns"),
        ("what is your refund policy", "refunds"),
        ("my lamp shade is cracked", "damaged-or-wrong-item"),
        ("the shade is torn", "damaged-or-wrong-item"),
    ],
)
def test_the_shops_questions_find_their_article_above_the_floor(shop: Inbox, question: str, slug: str) -> None:
    hit = best(shop, question)
    assert hit is not None
    assert hit.slug == slug
    assert hit.score >= shop.support_floor


def test_of_two_passages_the_one_headed_like_the_question_answers(shop: Inbox) -> None:
    hit = best(shop, "How long do I have to return a lamp?")
    assert hit is not None
    assert "30 days" in hit.text


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("what payment methods do you accept", "You can pay by"),
        ("who pays for return shipping", "Returns of lamps, bulbs and small items are free"),
        ("what is your return policy", "30 days"),
        ("my lamp shade is cracked", "two photos"),
    ],
)
def test_the_answer_is_the_passage_that_says_it(shop: Inbox, question: str, words: str) -> None:
    hit = best(shop, question)
    assert hit is not None
    assert words in hit.text


@pytest.mark.parametrize(
    "question",
    ["mumbai to chennai", "viswa", "5 gb plan", "tell me a joke", "order a large pizza with soda", "2 3 4", "", "🙂"],
)
def test_what_the_articles_do_not_speak_of_stays_below_the_floor(shop: Inbox, question: str) -> None:
    hit = best(shop, question)
    assert hit is None or hit.score < shop.support_floor


def test_another_inbox_another_language_and_drafts_are_not_searched(shop: Inbox, inbox: Inbox) -> None:
    assert best(inbox, "how long does delivery take") is None
    assert best(shop, "how long does delivery take", "de") is None
    for article in Article.objects.filter(inbox=shop):
        actions.unpublish(article_id=article.pk)
    assert best(shop, "how long does delivery take") is None


def test_words_are_stemmed_in_the_articles_language(inbox: Inbox) -> None:
    article = actions.save_article(inbox_id=inbox.pk, title="Lieferung", body="Bestellungen kommen an.", language="de")
    actions.publish(article_id=article.pk)
    hit = best(inbox, "Bestellung", "de")
    assert hit is not None
    assert hit.score >= 0.5


def test_saving_cuts_the_passages_anew_and_counts_versions(inbox: Inbox) -> None:
    first = actions.save_article(inbox_id=inbox.pk, title="Care", body="## A\none\n\n## B\ntwo")
    again = actions.save_article(inbox_id=inbox.pk, title="Care", body="## C\nthree", article_id=first.pk)
    assert (again.version, again.slug) == (2, "care")
    assert [p.heading for p in Passage.objects.filter(article=first)] == ["C"]
    with pytest.raises(actions.SlugTaken):
        actions.save_article(inbox_id=inbox.pk, title="Care", body="other")


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=300).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)))
def test_no_question_breaks_the_search(inbox: Inbox, text: str) -> None:
    assert all(0 <= hit.score <= 1.0001 for hit in search(inbox.pk, f"{text} care", "en"))


def test_a_search_is_one_query(shop: Inbox, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        search(shop.pk, "where is my order", "en")


def test_loading_the_demo_twice_changes_nothing(db: None) -> None:
    call_command("load_demo", verbosity=0)
    before = list(Article.objects.order_by("id").values_list("id", "version"))
    agents = list(Agent.objects.order_by("id").values_list("name", "role", "availability"))
    call_command("load_demo", verbosity=0)
    assert list(Article.objects.order_by("id").values_list("id", "version")) == before
    assert list(Agent.objects.order_by("id").values_list("name", "role", "availability")) == agents
    assert agents == [("Bob", "agent", "away"), ("Carol", "agent", "away"), ("Sam", "supervisor", "away")]


def test_a_source_leads_to_a_readable_page(shop: Inbox, client: Client) -> None:
    page = client.get(f"/help/{DEMO_SITE_KEY}/returns/")
    assert page.status_code == 200
    assert "<h1>Returns</h1>" in page.text
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert "/returns/" in client.get(f"/help/{DEMO_SITE_KEY}/").text


def test_drafts_and_unknown_pages_are_not_there(shop: Inbox, client: Client) -> None:
    actions.unpublish(article_id=Article.objects.get(slug="returns").pk)
    assert client.get(f"/help/{DEMO_SITE_KEY}/returns/").status_code == 404
    assert client.get("/help/nowhere/").status_code == 404
