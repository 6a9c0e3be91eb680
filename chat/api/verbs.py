"""The agent's verbs on a conversation: each parses its body, calls one action and answers the snapshot after it."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.api.caller import agent_of, caller_of
from chat import actions
from chat import protocol as wire
from chat.api.conversations import actor_of, changed
from chat.api.shapes import Resolution, TransferTo, WithReason
from supportdesk.api.shapes import read_body


class AcceptView(APIView):
    @extend_schema(operation_id="conversations_accept", request=None, responses=wire.DeskConversation)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Takes the conversation that was offered to this agent."""
        agent = agent_of(request)
        read_body(request, wire.Empty)
        actions.accept(conversation_id=conversation_id, agent=agent)
        return changed(conversation_id)


class DeclineView(APIView):
    @extend_schema(operation_id="conversations_decline", request=WithReason, responses=wire.DeskConversation)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Passes the offer on to the next agent."""
        agent, given = agent_of(request), read_body(request, WithReason)
        actions.decline(conversation_id=conversation_id, agent=agent, reason=given.reason)
        return changed(conversation_id)


class ReleaseView(APIView):
    @extend_schema(operation_id="conversations_release", request=WithReason, responses=wire.DeskConversation)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Puts the conversation back into the queue, in its old place."""
        agent, given = agent_of(request), read_body(request, WithReason)
        actions.release(conversation_id=conversation_id, agent=agent, reason=given.reason)
        return changed(conversation_id)


class TakeUpView(APIView):
    @extend_schema(operation_id="conversations_take_up", request=None, responses=wire.DeskConversation)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Takes the conversation out of the callbacks."""
        agent = agent_of(request)
        read_body(request, wire.Empty)
        actions.take_up(conversation_id=conversation_id, agent=agent)
        return changed(conversation_id)


class PickView(APIView):
    @extend_schema(operation_id="conversations_pick", request=None, responses=wire.DeskConversation)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Takes the conversation out of the queue, for an agent who may."""
        agent = agent_of(request)
        read_body(request, wire.Empty)
        actions.pick(conversation_id=conversation_id, agent=agent)
        return changed(conversation_id)


class TransferView(APIView):
    @extend_schema(operation_id="conversations_transfer", request=TransferTo, responses=wire.DeskConversation)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Hands the conversation to another agent or team, with a note for them."""
        agent, given = agent_of(request), read_body(request, TransferTo)
        actions.transfer(
            conversation_id=conversation_id,
            agent=agent,
            to_agent_id=given.agent_id,
            to_team_id=given.team_id,
            to_skill=given.skill,
            note=given.note,
        )
        return changed(conversation_id)


class StepInView(APIView):
    @extend_schema(operation_id="conversations_step_in", request=None, responses=wire.DeskConversation)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Takes part in a colleague's conversation, for supervisors: may write, too."""
        agent = agent_of(request)
        read_body(request, wire.Empty)
        actions.step_in(conversation_id=conversation_id, agent=agent)
        return changed(conversation_id)


class StepOutView(APIView):
    @extend_schema(operation_id="conversations_step_out", request=None, responses=wire.DeskConversation)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Takes part no more."""
        agent = agent_of(request)
        read_body(request, wire.Empty)
        actions.step_out(conversation_id=conversation_id, agent=agent)
        return changed(conversation_id)


class TakeOverView(APIView):
    @extend_schema(operation_id="conversations_take_over", request=None, responses=wire.DeskConversation)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Takes the conversation from its assignee, for supervisors."""
        agent = agent_of(request)
        read_body(request, wire.Empty)
        actions.take_over(conversation_id=conversation_id, agent=agent)
        return changed(conversation_id)


class ReturnToBotView(APIView):
    @extend_schema(operation_id="conversations_return_to_bot", request=WithReason, responses=wire.DeskConversation)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Gives the conversation back to the bot."""
        agent, given = agent_of(request), read_body(request, WithReason)
        actions.return_to_bot(conversation_id=conversation_id, agent=agent, reason=given.reason)
        return changed(conversation_id)


class CloseView(APIView):
    @extend_schema(operation_id="conversations_close", request=Resolution, responses=wire.DeskConversation)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Ends the conversation: by its agent, or by the desk with a token of the whole desk."""
        given = read_body(request, Resolution)
        actions.close(
            conversation_id=conversation_id,
            actor=actor_of(request),
            why=given.resolution,
            agent=caller_of(request).agent,
        )
        return changed(conversation_id)
