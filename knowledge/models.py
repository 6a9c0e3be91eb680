"""Help articles and the passages the bot may say. What changes them is in knowledge.actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Case, F, GeneratedField, Value, When
from django.db.models.expressions import Combinable

from supportdesk.clock import now

if TYPE_CHECKING:
    _Field = models.Field[str | None, str | None]
else:
    _Field = models.Field

SEARCH_CONFIGS: dict[str, str] = {
    "en": "english",
    "de": "german",
    "fr": "french",
    "es": "spanish",
    "it": "italian",
    "pt": "portuguese",
    "nl": "dutch",
}
"""Article language -> PostgreSQL text search configuration; any other language is `simple` (no stemming)."""
OTHER_CONFIG = "simple"


def _weighted(config: str) -> Combinable:
    return (
        SearchVector("title", weight="A", config=config)
        + SearchVector("heading", weight="B", config=config)
        + SearchVector("text", weight="C", config=config)
    )


class HalfVector(_Field):
    """pgvector's 16-bit numbers, as many as the encoder has, written and read as text. Only statements compare them."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "halfvec"


class Article(models.Model):
    """`version` counts its saves. Only a published one has passages that are found."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"

    inbox = models.ForeignKey("chat.Inbox", on_delete=models.CASCADE, related_name="articles")
    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=120)
    body = models.TextField(help_text="Markdown; HTML in it is shown as text.")
    language = models.CharField(max_length=12, default="en")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inbox", "slug"], name="article_slug_once")]
        indexes = [models.Index(fields=["inbox", "status", "language"], name="article_of_inbox")]

    def __str__(self) -> str:
        return self.title

    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED


class Passage(models.Model):
    """A piece of an article short enough to be an answer. `title` and `language` are the article's."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="passages")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    heading = models.CharField(max_length=300, blank=True)
    text = models.TextField(help_text="Plain text.")
    language = models.CharField(max_length=12)
    search = GeneratedField(
        expression=Case(
            *[When(language=Value(code), then=_weighted(config)) for code, config in SEARCH_CONFIGS.items()],
            default=_weighted(OTHER_CONFIG),
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    vector = HalfVector(null=True, editable=False)
    encoder = models.CharField(max_length=160, default="", editable=False, help_text="What `vector` is from.")

    class Meta:
        ordering = [F("article_id").asc(), F("position").asc()]
        constraints = [models.UniqueConstraint(fields=["article", "position"], name="passage_position_once")]
        indexes = [
            GinIndex(fields=["search"], name="passage_search"),
            models.Index(fields=["encoder"], name="passage_encoder"),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.heading or self.position}"

    def meaning(self) -> str:
        """What its vector is made from."""
        return f"{self.title}. {self.heading}. {self.text}"
