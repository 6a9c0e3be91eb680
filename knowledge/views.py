"""The public help pages: one article, the list of them, and a search. Read only; drafts and unknown ones answer 404."""

from __future__ import annotations

from itertools import chain

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe
from rest_framework.throttling import BaseThrottle

from knowledge.models import Article
from knowledge.passages import html
from knowledge.search import Hit, Question, search_all
from supportdesk.limits import Rate, count

_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' https: data:; "
    "base-uri 'none'; form-action 'self'"
)
"""The page runs no script; its one style sheet stands in it. Pictures may come from the merchant's own servers."""


SOUGHT_CHARS = 200
SHOWN_MOST = 8
WORTH_SHOWING = 0.15
"""Less than the bot's floor: who searches judges for himself."""
SEARCHES = Rate(60)
"""An address a minute."""


@require_safe
def contents(request: HttpRequest, site_key: str) -> HttpResponse:
    articles = list(_published(site_key).order_by("language", "title").defer("body"))
    if not articles:
        raise Http404
    inbox, sought = articles[0].inbox, " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:SOUGHT_CHARS]
    if not sought:
        own = inbox.locale.replace("_", "-").split("-")[0].lower()
        articles.sort(key=lambda each: each.language != own)  # the shop's own language first, the others as they are
        return _page(request, "knowledge/contents.html", {"inbox": inbox, "articles": articles})
    if count("help", BaseThrottle().get_ident(request), SEARCHES):  # type: ignore[arg-type]  # it reads META alone
        return HttpResponse("Too many searches from this address: try again in a minute.", status=429)
    found = _found(inbox.pk, sought, {each.language for each in articles})
    page = _page(request, "knowledge/contents.html", {"inbox": inbox, "sought": sought, "found": found})
    page["X-Robots-Tag"] = "noindex"
    return page


def _found(inbox_id: int, sought: str, languages: set[str]) -> list[Hit]:
    """The best passage of each article, whatever its language."""
    asked = [Question(inbox_id, sought, language) for language in sorted(languages)]
    hits = sorted(chain.from_iterable(search_all(asked, SHOWN_MOST)), key=lambda hit: -hit.score)
    best: dict[int, Hit] = {}
    for hit in hits:
        best.setdefault(hit.article_id, hit)
    return [hit for hit in best.values() if hit.score >= WORTH_SHOWING][:SHOWN_MOST]


@require_safe
def article(request: HttpRequest, site_key: str, slug: str) -> HttpResponse:
    found = get_object_or_404(_published(site_key), slug=slug)
    body = mark_safe(html(found.body))  # noqa: S308  # html() escapes every tag that the article's writer typed
    return _page(request, "knowledge/article.html", {"inbox": found.inbox, "article": found, "body": body})


def _published(site_key: str) -> QuerySet[Article]:
    return Article.objects.filter(inbox__site_key=site_key, status=Article.Status.PUBLISHED).select_related("inbox")


def _page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    response = render(request, template, context)
    response["Content-Security-Policy"] = _POLICY
    return response
