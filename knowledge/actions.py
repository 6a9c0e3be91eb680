"""The verbs on help articles. Each is one transaction; passages are cut anew, so that search never lags behind."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from knowledge.models import Article, Passage
from knowledge.passages import split
from supportdesk.clock import now


class SlugTaken(Exception):
    """Another article of this inbox has the slug."""


@transaction.atomic
def save_article(
    *, inbox_id: int, title: str, body: str, language: str = "en", slug: str = "", article_id: int | None = None
) -> Article:
    """Writes a new article as a draft, or a new version of one; without `slug` the title (or the old slug) gives it.

    Raises:
        Article.DoesNotExist: `article_id` is not an article of this inbox.
        SlugTaken: another article has the slug.
    """
    if article_id is None:
        article = Article(inbox_id=inbox_id, slug=slug or slugify(title)[:120] or "article")
    else:
        article = Article.objects.select_for_update().get(pk=article_id, inbox_id=inbox_id)
        article.version += 1
        article.slug = slug or article.slug
    article.title, article.body, article.language, article.updated_at = title, body, language, now()
    try:
        with transaction.atomic():
            article.save()
    except IntegrityError as error:
        raise SlugTaken(article.slug) from error
    _cut_anew(article)
    return article


@transaction.atomic
def publish(*, article_id: int) -> Article:
    """The bot may say it, customers may read it. Publishing twice is publishing once."""
    return _set_status(article_id, Article.Status.PUBLISHED)


@transaction.atomic
def unpublish(*, article_id: int) -> Article:
    """Back to a draft: not found, not readable from outside."""
    return _set_status(article_id, Article.Status.DRAFT)


@transaction.atomic
def delete_article(*, article_id: int) -> None:
    """Gone, with its passages; deleting twice is deleting once."""
    Article.objects.filter(pk=article_id).delete()


def _set_status(article_id: int, status: Article.Status) -> Article:
    article = Article.objects.select_for_update().get(pk=article_id)
    if article.status != status:
        article.status, article.updated_at = status, now()
        article.save(update_fields=["status", "updated_at"])
    return article


def _cut_anew(article: Article) -> None:
    """A passage that reads as before keeps its vector; the others are found as pending (knowledge.embedding)."""
    known = {passage.meaning(): (passage.vector, passage.encoder) for passage in article.passages.all()}
    article.passages.all().delete()
    passages = [
        Passage(
            article=article, position=position, title=article.title, heading=piece.heading[:300], text=piece.text,
            language=article.language,
        )
        for position, piece in enumerate(split(article.body), 1)
    ]  # fmt: skip
    for passage in passages:
        passage.vector, passage.encoder = known.get(passage.meaning(), (None, ""))
    Passage.objects.bulk_create(passages)
