"""The search in articles as the bot does it, with its scores, and how far the vectors are."""

from __future__ import annotations

from typing import Annotated

from django.apps import apps
from drf_spectacular.utils import extend_schema
from pydantic import AfterValidator, Field, StringConstraints
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from knowledge import embedding
from knowledge.api.articles import BIGGEST_ID, Language
from knowledge.search import READ_CHARS, Hit, search
from supportdesk.api.refused import Refused
from supportdesk.api.shapes import Shape, answer, is_storable, read_body

HITS_MOST = 20


class Sought(Shape):
    inbox_id: Annotated[int, Field(strict=True, ge=1, le=BIGGEST_ID)]
    text: Annotated[str, StringConstraints(min_length=1, max_length=READ_CHARS), AfterValidator(is_storable)]
    language: Language = "en"
    limit: Annotated[int, Field(strict=True, ge=1, le=HITS_MOST)] = 5


class FoundPassage(Shape):
    """`support` is what routing compares with the inbox's floor; `share` is of the words, `cosine` of the meaning."""

    article_id: int
    title: str
    slug: str
    heading: str
    text: str
    support: float
    share: float
    cosine: float | None


class FoundPassages(Shape):
    items: list[FoundPassage]


class VectorState(Shape):
    """`encoder` is empty where there is none: words alone find, and nothing is pending."""

    encoder: str
    passages: int
    pending: int


class SearchView(APIView):
    @extend_schema(operation_id="articles_search", request=Sought, responses=FoundPassages)
    def post(self, request: Request) -> Response:
        """Published passages in one language, best first. Nothing is stored; the question is in no address."""
        sought = read_body(request, Sought)
        if not apps.get_model("chat", "Inbox").objects.filter(pk=sought.inbox_id).exists():
            raise Refused("bad_value", "inbox_id: there is no such inbox.")
        hits = search(sought.inbox_id, sought.text, sought.language, sought.limit)
        return answer(FoundPassages(items=[_shown(hit) for hit in hits]))


class VectorsView(APIView):
    @extend_schema(operation_id="articles_vectors", responses=VectorState)
    def get(self, request: Request) -> Response:
        """How many passages of the desk have vectors of the encoder in use; the others are made in the background."""
        now = embedding.progress()
        return answer(VectorState(encoder=now.encoder, passages=now.passages, pending=now.pending))


def _shown(hit: Hit) -> FoundPassage:
    return FoundPassage(
        article_id=hit.article_id, title=hit.title, slug=hit.slug, heading=hit.heading, text=hit.text,
        support=round(hit.score, 3), share=round(hit.share, 3),
        cosine=None if hit.cosine is None else round(hit.cosine, 3),
    )  # fmt: skip
