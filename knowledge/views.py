"""The public help pages: one article, and the list of them. Read only; drafts and unknown ones answer 404 alike."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from knowledge.models import Article
from knowledge.passages import html

_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' https: data:; "
    "base-uri 'none'; form-action 'none'"
)
"""The page runs no script; its one style sheet stands in it. Pictures may come from the merchant's own servers."""


@require_safe
def contents(request: HttpRequest, site_key: str) -> HttpResponse:
    articles = list(_published(site_key).order_by("title"))
    if not articles:
        raise Http404
    return _page(request, "knowledge/contents.html", {"inbox": articles[0].inbox, "articles": articles})


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
