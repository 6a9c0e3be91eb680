"""Conversations as the desk reads and writes them: lists, timeline, notes, events, the handoff packet."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.api.caller import agent_of, caller_of
from chat import access, actions, journal, lists, snapshots
from chat import protocol as wire
from chat.api.customer import CREATED, page_after, posted
from chat.api.shapes import (
    AfterSeq,
    AfterVersion,
    EventEntry,
    Events,
    Messages,
    NewMessage,
    NewNote,
    Notes,
    ToPeople,
    Verdict,
    ViewQuery,
)
from chat.errors import NotFound
from chat.facts import DESK, Actor
from chat.journal import Post
from chat.lifecycle import Reason
from chat.models import Conversation
from supportdesk.api.shapes import answer, read_body, read_query

EVENTS_PAGE = 200


def seen_by(request: Request, conversation_id: UUID) -> Conversation:
    """The conversation, if this caller may see it.

    Raises:
        NotFound: unknown or foreign.
    """
    return access.conversation_of_desk(caller_of(request).agent, conversation_id)


def changed(conversation_id: UUID) -> Response:
    return answer(snapshots.for_desk(conversation_id))


def actor_of(request: Request) -> Actor:
    """The agent, or the desk for a token of the whole desk."""
    agent = caller_of(request).agent
    return Actor("agent", str(agent.id)) if agent else DESK


class ConversationsView(APIView):
    @extend_schema(
        operation_id="conversations_list",
        parameters=[
            OpenApiParameter("view", str, enum=["queue", "mine", "callbacks", "open", "closed"], default="open"),
            OpenApiParameter("cursor", str, description="`cursor` of the page before."),
        ],
        responses=wire.ConversationList,
    )
    def get(self, request: Request) -> Response:
        """One page of a view: the queue in its order, every other one with the latest message first."""
        asked = read_query(request, ViewQuery)
        return answer(lists.page(agent=caller_of(request).agent, view=asked.view, cursor=asked.cursor))


class ConversationView(APIView):
    @extend_schema(operation_id="conversations_read", responses=wire.DeskConversation)
    def get(self, request: Request, conversation_id: UUID) -> Response:
        return changed(seen_by(request, conversation_id).id)


class MessagesView(APIView):
    @extend_schema(
        operation_id="messages_list",
        parameters=[OpenApiParameter("after_seq", int, description="The last seq that is held; 0 for all.")],
        responses=Messages,
    )
    def get(self, request: Request, conversation_id: UUID) -> Response:
        """The timeline after `after_seq`, one page."""
        after = read_query(request, AfterSeq).after_seq
        return page_after(seen_by(request, conversation_id), after)

    @extend_schema(operation_id="messages_post", request=NewMessage, responses={CREATED: wire.Posted})
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """To the customer, by the assigned agent. 201 means stored; the same `client_id` again answers 200."""
        agent, new = agent_of(request), read_body(request, NewMessage)
        who = journal.author("agent", agent.id, agent.name)
        with transaction.atomic():
            stored = journal.write_one(Post(conversation_id, who, new.client_id, new.text))
        return posted(stored)


class ReadMarkView(APIView):
    @extend_schema(operation_id="messages_read", request=wire.Read, responses=wire.DeskConversation)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """The assigned agent has seen everything up to `seq`; a colleague's look is not the customer's "seen"."""
        agent, given = agent_of(request), read_body(request, wire.Read)
        if seen_by(request, conversation_id).agent_id == agent.id:
            actions.mark_read(conversation_id=conversation_id, reader="agent", seq=given.seq)
        return changed(conversation_id)


class NotesView(APIView):
    @extend_schema(operation_id="notes_list", responses=Notes)
    def get(self, request: Request, conversation_id: UUID) -> Response:
        return answer(Notes(notes=snapshots.notes_of(seen_by(request, conversation_id).id)))

    @extend_schema(operation_id="notes_add", request=NewNote, responses={CREATED: wire.Note})
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Only agents see it. The same `client_id` again is the same note."""
        agent, new = agent_of(request), read_body(request, NewNote)
        note = actions.add_note(
            conversation_id=conversation_id, agent=agent, client_id=new.client_id, text=new.text, whisper=new.whisper
        )
        return answer(snapshots.note(note), status=CREATED)


class HandoffView(APIView):
    @extend_schema(operation_id="handoff_read", responses=wire.Handoff)
    def get(self, request: Request, conversation_id: UUID) -> Response:
        """The latest packet. 404 while only the bot has had it."""
        packet = seen_by(request, conversation_id).current_handoff()
        if packet is None:
            raise NotFound("This conversation was never handed over.")
        return answer(snapshots.handoff(packet))

    @extend_schema(operation_id="handoff_request", request=ToPeople, responses=wire.DeskConversation)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Hands the conversation to people (reason `policy`). Where they have it already, nothing changes."""
        asked = read_body(request, ToPeople)
        actions.hand_off(
            conversation_id=conversation_id,
            reason=Reason.POLICY,
            why=asked.why,
            actor=actor_of(request),
            skills=asked.skills,
            preferred_skills=asked.preferred_skills,
            priority=asked.priority,
            units=asked.units,
        )
        return changed(conversation_id)


class HandoffScoreView(APIView):
    @extend_schema(operation_id="handoff_score", request=Verdict, responses=wire.DeskConversation)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Was handing over right, too late, or needless?"""
        agent, verdict = agent_of(request), read_body(request, Verdict)
        actions.score_handoff(conversation_id=conversation_id, agent=agent, score=verdict.score)
        return changed(conversation_id)


class EventsView(APIView):
    @extend_schema(
        operation_id="events_list",
        parameters=[OpenApiParameter("after_version", int, description="The last version that is held; 0 for all.")],
        responses=Events,
    )
    def get(self, request: Request, conversation_id: UUID) -> Response:
        """Every transition: who, when and why, in order, one page."""
        after = read_query(request, AfterVersion).after_version
        found = seen_by(request, conversation_id).events.filter(version__gt=after).order_by("version")
        rows = list(found[: EVENTS_PAGE + 1])
        entries = [
            EventEntry(
                version=row.version,
                trigger=row.trigger,
                from_state=row.from_state,
                to_state=row.to_state,
                actor_kind=row.actor_kind,
                actor_id=row.actor_id,
                why=row.why,
                versions=row.versions,
                at=row.at,
            )
            for row in rows[:EVENTS_PAGE]
        ]
        return answer(Events(events=entries, has_more=len(rows) > EVENTS_PAGE))
