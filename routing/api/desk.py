"""The copilot, and questions without an answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.api.caller import KNOWLEDGE, caller_of
from chat import access
from chat.models import Conversation, Inbox
from routing import copilot, proposals, unanswered
from routing.models import Decision, Settled
from supportdesk.api.refused import Refused
from supportdesk.api.shapes import Shape, answer, read_body, read_query

BIGGEST_ID = 2**63 - 1
Id = Annotated[int, Field(ge=1, le=BIGGEST_ID)]
SHOWN_MOST = 100


class CopilotPassage(Shape):
    article_id: int
    title: str
    heading: str
    text: str
    support: float


class CopilotHelp(Shape):
    """`drafted_by`: `passage`, `model`, or empty where there is no draft."""

    summary: str
    passages: list[CopilotPassage]
    draft: str
    drafted_by: str


class OfInbox(Shape):
    inbox_id: Id


class Settle(Shape):
    decision_ids: Annotated[list[Id], Field(min_length=1, max_length=1000)]


class UnansweredQuestion(Shape):
    """`decision_ids` settle it; `answered_by` is the article that would answer it now."""

    question: str
    language: str
    times: int
    last_at: datetime
    examples: list[str]
    decision_ids: list[int]
    answered_by: str | None


class UnansweredList(Shape):
    items: list[UnansweredQuestion]


class Proposed(Shape):
    """Drafts written now; each waits for a person to publish it."""

    article_ids: list[int]


class CopilotView(APIView):
    @extend_schema(operation_id="conversations_copilot", request=None, responses=CopilotHelp)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """A summary, passages and a draft for the agent. Nothing is sent or stored."""
        seen = access.conversation_of_desk(caller_of(request).agent, conversation_id)
        given = copilot.help_with(Conversation.objects.select_related("inbox").get(pk=seen.pk))
        passages = [
            CopilotPassage(
                article_id=hit.article_id, title=hit.title, heading=hit.heading, text=hit.text,
                support=round(hit.score, 3),
            )
            for hit in given.hits
        ]  # fmt: skip
        shown = CopilotHelp(
            summary=given.summary, passages=passages, draft=given.draft, drafted_by=given.drafted_by
        )  # fmt: skip
        return answer(shown)


class UnansweredView(APIView):
    @extend_schema(
        operation_id="unanswered_list",
        parameters=[OpenApiParameter("inbox_id", int, required=True)],
        responses=UnansweredList,
    )
    def get(self, request: Request) -> Response:
        """What the bot had no answer to within 30 days, alike questions together, most frequent first."""
        inbox = _inbox(read_query(request, OfInbox).inbox_id)
        found = unanswered.clusters(inbox.pk, inbox.support_floor)[:SHOWN_MOST]
        return answer(UnansweredList(items=[_shown(each) for each in found]))


class SettleView(APIView):
    scope = KNOWLEDGE

    @extend_schema(operation_id="unanswered_settle", request=Settle, responses={204: None})
    def post(self, request: Request) -> Response:
        """These questions are seen to and leave the list. Settling twice is settling once."""
        ids = read_body(request, Settle).decision_ids
        known = Decision.objects.filter(pk__in=ids, rule__in=unanswered.MISSES).values_list("pk", flat=True)
        Settled.objects.bulk_create([Settled(decision_id=pk) for pk in known], ignore_conflicts=True)
        return Response(status=204)


class ProposeView(APIView):
    scope = KNOWLEDGE

    @extend_schema(operation_id="articles_propose", request=OfInbox, responses=Proposed)
    def post(self, request: Request) -> Response:
        """Drafts from chats that people resolved after the bot had no answer. What is known already is left out."""
        inbox = _inbox(read_body(request, OfInbox).inbox_id)
        return answer(Proposed(article_ids=[article.pk for article in proposals.propose(inbox)]))


def _inbox(inbox_id: int) -> Inbox:
    found = Inbox.objects.filter(pk=inbox_id).first()
    if found is None:
        raise Refused("bad_value", "inbox_id: there is no such inbox.")
    return found


def _shown(each: unanswered.Cluster) -> UnansweredQuestion:
    newest = each.misses[0]
    texts = list(dict.fromkeys(miss.text for miss in each.misses))
    return UnansweredQuestion(
        question=newest.text, language=newest.language, times=len(each.misses), last_at=newest.at,
        examples=texts[: unanswered.EXAMPLES], decision_ids=[miss.decision_id for miss in each.misses],
        answered_by=each.hit.title if each.hit else None,
    )  # fmt: skip
