"""Help articles: everybody at the desk reads them; changing them needs the scope `knowledge` (supervisors have it)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from django.apps import apps
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import AfterValidator, Field, StringConstraints
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.api.caller import KNOWLEDGE
from knowledge import actions
from knowledge.models import Article
from supportdesk.api.refused import Refused
from supportdesk.api.shapes import Shape, answer, is_storable, read_body, read_query

PAGE = 50
BODY_CHARS = 100_000
BODY_BYTES = 1_048_576
CREATED = 201
BIGGEST_ID = 2**63 - 1


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("empty_text")
    return text


Title = Annotated[str, StringConstraints(max_length=200), AfterValidator(is_storable), AfterValidator(_not_blank)]
Body = Annotated[str, StringConstraints(max_length=BODY_CHARS), AfterValidator(is_storable), AfterValidator(_not_blank)]
Slug = Annotated[str, StringConstraints(pattern=r"^[-a-z0-9_]{1,120}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]


class ArticleText(Shape):
    """`body` is Markdown. Without `slug` the title (or the old slug) gives it."""

    title: Title
    body: Body
    language: Language = "en"
    slug: Slug | None = None


class NewArticle(ArticleText):
    inbox_id: Annotated[int, Field(strict=True, ge=1, le=BIGGEST_ID)]


class ArticleQuery(Shape):
    inbox_id: Annotated[int, Field(ge=1, le=BIGGEST_ID)] | None = None
    status: Literal["draft", "published"] | None = None
    cursor: Annotated[int, Field(ge=1, le=BIGGEST_ID)] | None = None


class ArticleCard(Shape):
    id: int
    inbox_id: int
    title: str
    slug: str
    language: str
    status: str
    version: int
    updated_at: datetime


class ArticleEntry(ArticleCard):
    body: str


class ArticleList(Shape):
    """Without the bodies."""

    items: list[ArticleCard]
    cursor: int | None


class ArticlesView(APIView):
    scope = KNOWLEDGE
    body_bytes = BODY_BYTES

    @extend_schema(
        operation_id="articles_list",
        parameters=[
            OpenApiParameter("inbox_id", int),
            OpenApiParameter("status", str, enum=["draft", "published"]),
            OpenApiParameter("cursor", int, description="`cursor` of the page before; newest first."),
        ],
        responses=ArticleList,
    )
    def get(self, request: Request) -> Response:
        asked = read_query(request, ArticleQuery)
        found = Article.objects.defer("body").order_by("-id")
        if asked.inbox_id:
            found = found.filter(inbox_id=asked.inbox_id)
        if asked.status:
            found = found.filter(status=asked.status)
        if asked.cursor:
            found = found.filter(id__lt=asked.cursor)
        rows = list(found[: PAGE + 1])
        cards = [ArticleCard.model_validate(_columns(row, ArticleCard)) for row in rows[:PAGE]]
        return answer(ArticleList(items=cards, cursor=cards[-1].id if len(rows) > PAGE else None))

    @extend_schema(operation_id="articles_create", request=NewArticle, responses={CREATED: ArticleEntry})
    def post(self, request: Request) -> Response:
        """A new draft. The bot says nothing of it until it is published."""
        new = read_body(request, NewArticle)
        if not apps.get_model("chat", "Inbox").objects.filter(pk=new.inbox_id).exists():
            raise Refused("bad_value", "inbox_id: there is no such inbox.")
        return _shown(_save(new, new.inbox_id, None), status=CREATED)


class ArticleView(APIView):
    scope = KNOWLEDGE
    body_bytes = BODY_BYTES

    @extend_schema(operation_id="articles_read", responses=ArticleEntry)
    def get(self, request: Request, article_id: int) -> Response:
        return _shown(_find(article_id))

    @extend_schema(operation_id="articles_save", request=ArticleText, responses=ArticleEntry)
    def put(self, request: Request, article_id: int) -> Response:
        """A new version. A published article stays published and is found by its new text at once."""
        text = read_body(request, ArticleText)
        return _shown(_save(text, _find(article_id).inbox_id, article_id))

    @extend_schema(operation_id="articles_delete", responses={204: None})
    def delete(self, request: Request, article_id: int) -> Response:
        """Gone, with its passages. What the bot has said from it stays said."""
        actions.delete_article(article_id=_find(article_id).id)
        return Response(status=204)


class PublishView(APIView):
    scope = KNOWLEDGE

    @extend_schema(operation_id="articles_publish", request=None, responses=ArticleEntry)
    def post(self, request: Request, article_id: int) -> Response:
        """The bot may say it, customers may read it. Publishing twice is publishing once."""
        return _after(actions.publish, article_id)


class UnpublishView(APIView):
    scope = KNOWLEDGE

    @extend_schema(operation_id="articles_unpublish", request=None, responses=ArticleEntry)
    def post(self, request: Request, article_id: int) -> Response:
        """Back to a draft."""
        return _after(actions.unpublish, article_id)


def _find(article_id: int) -> Article:
    found = Article.objects.filter(pk=article_id).first() if article_id <= BIGGEST_ID else None
    if found is None:
        raise _no_such_article()
    return found


def _after(verb: Callable[..., Article], article_id: int) -> Response:
    try:
        return _shown(verb(article_id=_find(article_id).id))
    except Article.DoesNotExist:
        raise _no_such_article() from None


def _save(text: ArticleText, inbox_id: int, article_id: int | None) -> Article:
    try:
        return actions.save_article(
            inbox_id=inbox_id,
            title=text.title,
            body=text.body,
            language=text.language,
            slug=text.slug or "",
            article_id=article_id,
        )
    except actions.SlugTaken as taken:
        raise Refused("slug_taken", f"Another article of this inbox is called {taken}.", status=409) from None
    except Article.DoesNotExist:
        raise _no_such_article() from None


def _no_such_article() -> Refused:
    return Refused("not_found", "There is no such article.", status=404)


def _columns(row: Article, shape: type[ArticleCard]) -> dict[str, object]:
    return {name: getattr(row, name) for name in shape.model_fields}


def _shown(row: Article, *, status: int = 200) -> Response:
    return answer(ArticleEntry.model_validate(_columns(row, ArticleEntry)), status=status)
