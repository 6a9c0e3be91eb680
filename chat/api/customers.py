"""Customers as the desk sees them: found by name, e-mail or the merchant's id; and what each has talked about."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents import presence
from agents.api.caller import caller_of
from chat import access, snapshots
from chat.api.shapes import ConversationsOfCustomer, CustomerEntry, CustomerQuery, Customers, PageQuery
from chat.models import Conversation, Customer
from supportdesk.api.shapes import answer, read_query

PAGE = 50
NEWEST_FIRST = OpenApiParameter("cursor", UUID, description="`cursor` of the page before; newest first.")


class CustomersView(APIView):
    @extend_schema(
        operation_id="customers_list",
        parameters=[
            OpenApiParameter("search", str, description="Part of a name or an e-mail, or the merchant's whole id."),
            NEWEST_FIRST,
        ],
        responses=Customers,
    )
    def get(self, request: Request) -> Response:
        asked = read_query(request, CustomerQuery)
        words = asked.search.strip()
        found = Customer.objects.select_related("inbox").order_by("-id")
        if words:
            found = found.filter(Q(name__icontains=words) | Q(email__icontains=words) | Q(external_id=words))
        if asked.cursor:
            found = found.filter(id__lt=asked.cursor)
        rows = list(found[: PAGE + 1])
        return answer(Customers(items=_entries(rows[:PAGE]), cursor=rows[PAGE - 1].id if len(rows) > PAGE else None))


class CustomerView(APIView):
    @extend_schema(operation_id="customers_read", responses=CustomerEntry)
    def get(self, request: Request, customer_id: UUID) -> Response:
        (entry,) = _entries([access.customer_of_desk(caller_of(request).agent, customer_id)])
        return answer(entry)


class ConversationsOfCustomerView(APIView):
    @extend_schema(operation_id="customers_conversations", parameters=[NEWEST_FIRST], responses=ConversationsOfCustomer)
    def get(self, request: Request, customer_id: UUID) -> Response:
        """All of one customer's conversations, the newest first."""
        cursor = read_query(request, PageQuery).cursor
        customer = access.customer_of_desk(caller_of(request).agent, customer_id)
        found = Conversation.objects.filter(customer=customer).order_by("-id")
        if cursor:
            found = found.filter(id__lt=cursor)
        items = snapshots.desk_snapshots(found[: PAGE + 1])
        page, more = items[:PAGE], len(items) > PAGE
        return answer(ConversationsOfCustomer(items=page, cursor=page[-1].id if more else None))


def _entries(rows: Iterable[Customer]) -> list[CustomerEntry]:
    shown = list(rows)
    online = presence.online_customers(row.id for row in shown)
    return [
        CustomerEntry(
            **snapshots.customer(row, str(row.id) in online).model_dump(),
            inbox=row.inbox.name,
            external_id=row.external_id,
            created_at=row.created_at,
        )
        for row in shown
    ]
