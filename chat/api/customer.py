"""The customer's own side for clients without sockets: a session, the conversation, its messages and its verbs."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import access, actions, journal, sessions, snapshots
from chat import protocol as wire
from chat.api.authentication import CustomerAuthentication, CustomerCaller, IsCustomer, customer_of
from chat.api.shapes import AfterSeq, Messages, NewMessage
from chat.errors import ConversationClosed, NotFound, SeqFromFuture, Unauthenticated
from chat.journal import Post, Stored
from chat.models import Conversation, Customer
from supportdesk.api.shapes import answer, read_body, read_query
from supportdesk.api.throttles import address_of
from supportdesk.limits import Rate

CREATED = 201
OPENINGS = Rate(60)
"""Sessions a minute and address; a shop's visitors may share one."""
REQUESTS = Rate(300)
"""A minute and customer."""


class CustomerView(APIView):
    authentication_classes = [CustomerAuthentication]
    permission_classes = [IsCustomer]
    rate = REQUESTS


class CustomerSessionView(APIView):
    authentication_classes = [CustomerAuthentication]
    permission_classes = [AllowAny]
    rate = OPENINGS

    @extend_schema(
        operation_id="customer_session_open",
        auth=[],
        request=wire.OpenCustomerSession,
        responses={CREATED: wire.CustomerSession},
    )
    def post(self, request: Request) -> Response:
        """Opens a session as `session.open` does. Send its token as `Authorization: Customer TOKEN` from then on."""
        asked = read_body(request, wire.OpenCustomerSession)
        opened = sessions.open_session(
            site_key=asked.site_key,
            token=asked.token,
            identity=asked.identity,
            locale=asked.locale,
            page=asked.page,
            origin=_foreign_origin(request),
            address=address_of(request),
        )
        latest = access.latest_of_customer(opened.customer.id)
        session = wire.CustomerSession(
            token=opened.token,
            customer=opened.customer.id,
            verified=opened.customer.verified,
            site=snapshots.site(opened.customer.inbox),
            conversation=snapshots.for_customer(latest.id) if latest else None,
            heartbeat_s=wire.HEARTBEAT_S,
            text_chars=wire.TEXT_CHARS,
        )
        return answer(session, status=CREATED)

    @extend_schema(operation_id="customer_session_end", request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Signs the customer out: the token is refused from then on."""
        if not isinstance(request.auth, CustomerCaller):
            raise Unauthenticated
        sessions.end_session(request.auth.token)
        return Response(status=204)


class CustomerConversationView(CustomerView):
    @extend_schema(operation_id="customer_conversation_read", responses=wire.Conversation)
    def get(self, request: Request) -> Response:
        """The open conversation, else the latest. 404 before the first message."""
        return answer(snapshots.for_customer(_latest(request).id))


class CustomerMessagesView(CustomerView):
    @extend_schema(
        operation_id="customer_messages_list",
        parameters=[OpenApiParameter("after_seq", int, description="The last seq that is held; 0 for all.")],
        responses=Messages,
    )
    def get(self, request: Request) -> Response:
        """The timeline after `after_seq`, one page."""
        return page_after(_latest(request), read_query(request, AfterSeq).after_seq)

    @extend_schema(operation_id="customer_messages_post", request=NewMessage, responses={CREATED: wire.Posted})
    def post(self, request: Request) -> Response:
        """201 means stored. The same `client_id` again is the same answer with 200; a first message opens."""
        return posted(_post(customer_of(request), read_body(request, NewMessage)))


class RequestHumanView(CustomerView):
    @extend_schema(operation_id="customer_request_human", request=None, responses=wire.Conversation)
    def post(self, request: Request) -> Response:
        """To a person. Works in every state and cannot be refused."""
        read_body(request, wire.Empty)
        return _changed(actions.request_human(customer_id=customer_of(request).id))


class CloseView(CustomerView):
    @extend_schema(operation_id="customer_close", request=None, responses=wire.Conversation)
    def post(self, request: Request) -> Response:
        """Ends the conversation; ending twice is ending once."""
        read_body(request, wire.Empty)
        return _changed(actions.close_current(customer_id=customer_of(request).id))


class TakeCallbackView(CustomerView):
    @extend_schema(operation_id="customer_take_callback", request=None, responses=wire.Conversation)
    def post(self, request: Request) -> Response:
        """Leaves the queue for a date by which a person gets back; `callback_due` says which."""
        read_body(request, wire.Empty)
        return _changed(actions.take_callback(customer_id=customer_of(request).id))


class AnswerByMailView(CustomerView):
    @extend_schema(operation_id="customer_answer_by_mail", request=wire.AnswerByMail, responses=wire.Conversation)
    def post(self, request: Request) -> Response:
        """Answers that the customer is not there to read are also mailed to this address."""
        given = read_body(request, wire.AnswerByMail)
        return _changed(actions.answer_by_mail(customer_id=customer_of(request).id, email=given.email))


class RateView(CustomerView):
    @extend_schema(operation_id="customer_rate", request=wire.Rate, responses=wire.Conversation)
    def post(self, request: Request) -> Response:
        """A score of 1 to 5 for the latest conversation; sent again, it replaces the first."""
        given = read_body(request, wire.Rate)
        return _changed(actions.rate(customer_id=customer_of(request).id, score=given.score, comment=given.comment))


class ReadView(CustomerView):
    @extend_schema(operation_id="customer_read", request=wire.Read, responses=wire.Conversation)
    def post(self, request: Request) -> Response:
        """Everything up to `seq` has been seen."""
        given = read_body(request, wire.Read)
        latest = _latest(request)
        actions.mark_read(conversation_id=latest.id, reader="customer", seq=given.seq)
        return _changed(latest.id)


def _foreign_origin(request: Request) -> str | None:
    """The page's origin, unless it is this very host: the widget's own frame, as on the socket."""
    origin = request.headers.get("Origin")
    return None if origin and urlsplit(origin).netloc.lower() == request.get_host().lower() else origin


def _latest(request: Request) -> Conversation:
    found = access.latest_of_customer(customer_of(request).id)
    if found is None:
        raise NotFound("There is no conversation yet. The first message opens one.")
    return found


def _changed(conversation_id: UUID) -> Response:
    return answer(snapshots.for_customer(conversation_id))


def _post(customer: Customer, new: NewMessage) -> Stored:
    try:
        return _post_once(customer, new)
    except ConversationClosed:  # it ended between finding it and writing: the next look reopens it or opens another
        return _post_once(customer, new)


@transaction.atomic
def _post_once(customer: Customer, new: NewMessage) -> Stored:
    where = actions.conversation_to_write_in(customer_id=customer.id, client_id=new.client_id)
    return journal.write_one(
        Post(where, journal.author("customer", customer.id, str(customer)), new.client_id, new.text)
    )


def page_after(conversation: Conversation, seq: int) -> Response:
    """One page of the timeline.

    Raises:
        SeqFromFuture: no message has this seq yet.
    """
    if seq > conversation.last_seq:
        raise SeqFromFuture
    messages, has_more = snapshots.messages_after(conversation.id, seq)
    return answer(Messages(messages=messages, has_more=has_more))


def posted(stored: Stored) -> Response:
    message = stored.message
    told = wire.Posted(
        conversation_id=message.conversation_id,
        client_id=message.client_id,
        seq=message.seq,
        posted_at=message.posted_at,
    )
    return answer(told, status=CREATED if stored.is_new else 200)
