"""Searching as people do: on the help page and over REST."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from chat.models import Inbox
from knowledge import actions, embedding, views
from knowledge.models import Article
from routing.management.commands import load_demo
from supportdesk.demo import DEMO_SITE_KEY
from supportdesk.limits import Rate
from tests.api import speakers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("flushed")]
PAGE = f"/help/{DEMO_SITE_KEY}/"


@pytest.fixture
def shop(db: None) -> Inbox:
    inbox = load_demo.load_inbox()
    load_demo.load_articles(inbox)
    embedding.embed(100)
    return inbox


def test_the_help_page_finds_by_meaning_in_every_language(shop: Inbox, client: Client) -> None:
    page = client.get(PAGE, {"q": "i locked myself out of my profile"})
    assert "/account-and-password/" in page.text
    assert page["X-Robots-Tag"] == "noindex"
    assert "/rueckgabe/" in client.get(PAGE, {"q": "wie schicke ich etwas zurück"}).text


def test_the_list_begins_with_the_shops_own_language(shop: Inbox, client: Client) -> None:
    listed = client.get(PAGE).text
    assert listed.index("/account-and-password/") < listed.index("/warranty/") < listed.index("/bezahlen/")


def test_what_is_sought_is_shown_as_text_and_bounded(shop: Inbox, client: Client) -> None:
    page = client.get(PAGE, {"q": "<script>alert(1)</script>\x00" + "x" * 5_000})
    assert page.status_code == 200
    assert "<script>" not in page.text
    assert "x" * 300 not in page.text
    assert "form-action 'self'" in page["Content-Security-Policy"]


def test_nothing_found_says_what_to_do(shop: Inbox, client: Client) -> None:
    assert "ask us in the chat" in client.get(PAGE, {"q": "viswa"}).text


def test_drafts_and_other_shops_are_not_found(shop: Inbox, client: Client) -> None:
    actions.unpublish(article_id=Article.objects.get(slug="warranty").pk)
    assert "/warranty/" not in client.get(PAGE, {"q": "how long is the warranty"}).text
    assert client.get("/help/nowhere/", {"q": "warranty"}).status_code == 404


def test_one_address_searches_so_often_and_reads_on(
    shop: Inbox, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "SEARCHES", Rate(2))
    assert [client.get(PAGE, {"q": "lamp"}).status_code for _ in range(3)] == [200, 200, 429]
    assert client.get(PAGE).status_code == 200


def test_rest_searches_with_the_scores_that_routing_sees(shop: Inbox) -> None:
    rest = speakers.desk()
    asked = {"inbox_id": shop.pk, "text": "the courier says its delivered but i have nothing", "limit": 2}
    found = rest.does("articles/search/", asked)["items"]
    assert [set(each) for each in found] == [
        {"article_id", "title", "slug", "heading", "text", "support", "share", "cosine"}
    ] * 2
    assert found[0]["slug"] == "track-your-order"
    assert found[0]["support"] >= found[1]["support"]
    assert rest.does("articles/search/", {**asked, "language": "fr"})["items"] == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"inbox_id": 99_999}, "bad_value"), ({"text": ""}, "bad_value"), ({"limit": 21}, "bad_value")],
)
def test_rest_refuses_what_cannot_be_asked(shop: Inbox, wrong: dict[str, Any], code: str) -> None:
    asked = {"inbox_id": shop.pk, "text": "lamp", **wrong}
    assert speakers.desk().is_refused("articles/search/", asked) == (400, code)


def test_rest_says_how_far_the_vectors_are(shop: Inbox) -> None:
    rest = speakers.desk()
    state = rest.get("articles/vectors/")
    assert (state["pending"], state["passages"] > 50, state["encoder"] != "") == (0, True, True)
    actions.save_article(inbox_id=shop.pk, title="New", body="something new")
    assert rest.get("articles/vectors/")["pending"] == 1
