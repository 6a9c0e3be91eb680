"""For clients that follow without a socket: what `conversation.join` answers, and the news, asked for again and again.

Asking for news is also how such a client shows that it is there.
"""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents import presence
from agents.actions import came_online
from agents.api.caller import agent_of, caller_of
from chat import access, snapshots
from chat import protocol as wire
from chat.api.authentication import customer_of
from chat.api.customer import CustomerView
from chat.api.shapes import AfterSeq, AskDeskNews, CustomerNews, DeskNews
from chat.errors import SeqFromFuture
from chat.models import Conversation
from chat.sockets.agent import session_of
from supportdesk.api.shapes import answer, read_body, read_query

HIDDEN_S = 75
"""How long a page that nobody looks at counts as there: browsers wake it once a minute."""
AFTER = OpenApiParameter("after_seq", int, description="The last seq that is held; 0 for all.")


class CustomerTimelineView(CustomerView):
    @extend_schema(operation_id="customer_timeline", parameters=[AFTER], responses=wire.Joined)
    def get(self, request: Request, conversation_id: UUID) -> Response:
        """One of the customer's own conversations, and one page of its messages."""
        found = access.conversation_of_customer(customer_of(request).id, conversation_id)
        messages, has_more = _page(request, found)
        snapshot = snapshots.for_customer(found.id)
        return answer(wire.Joined(conversation=snapshot, messages=messages, has_more=has_more))


class CustomerNewsView(CustomerView):
    @extend_schema(operation_id="customer_news", request=None, responses=CustomerNews)
    def post(self, request: Request) -> Response:
        """The open conversation, else the latest. To agents the customer is online for a while after it."""
        read_body(request, wire.Empty)
        customer_id = customer_of(request).id
        presence.customers_heard([customer_id])
        latest = access.latest_of_customer(customer_id)
        return answer(CustomerNews(conversation=snapshots.for_customer(latest.id) if latest else None))


class TimelineView(APIView):
    @extend_schema(operation_id="conversations_timeline", parameters=[AFTER], responses=wire.DeskJoined)
    def get(self, request: Request, conversation_id: UUID) -> Response:
        """A conversation, one page of its messages, and its notes."""
        found = access.conversation_of_desk(caller_of(request).agent, conversation_id)
        messages, has_more = _page(request, found)
        return answer(
            wire.DeskJoined(
                conversation=snapshots.for_desk(found.id),
                messages=messages,
                notes=snapshots.notes_of(found.id),
                has_more=has_more,
            )
        )


class DeskNewsView(APIView):
    @extend_schema(operation_id="desk_news", request=AskDeskNews, responses=DeskNews)
    def post(self, request: Request) -> Response:
        """The agent's offers and colleagues, and the followed conversations that changed.

        The agent is online for a while after it, as if by a socket: who asks every few seconds gets offers.
        """
        agent, asked = agent_of(request), read_body(request, AskDeskNews)
        came_online(agent.id, f"news-{asked.page}", for_s=HIDDEN_S if asked.hidden else None)
        following = Conversation.objects.filter(pk__in=asked.following)
        versions = following.values_list("pk", "version")
        changed = [pk for pk, version in versions if version > asked.following[pk]]
        return answer(
            DeskNews(
                session=session_of(agent.id),
                conversations=snapshots.desk_snapshots(following.filter(pk__in=changed)),
                last_seq=snapshots.last_seqs(list(asked.following)),
            )
        )


def _page(request: Request, found: Conversation) -> tuple[list[wire.Message], bool]:
    after = read_query(request, AfterSeq).after_seq
    if after > found.last_seq:
        raise SeqFromFuture
    return snapshots.messages_after(found.id, after)
