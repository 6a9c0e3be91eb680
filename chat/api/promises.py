"""The ledger of promises, for those who supervise: which are open, which were kept, which were broken."""

from __future__ import annotations

from django.db.models import Count, Q
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.api.caller import caller_of
from chat.api.shapes import PromiseEntry, Promises
from chat.promises import Promise
from supportdesk.api.refused import Forbidden
from supportdesk.api.shapes import answer

MOST = 200
COUNTS = {
    "open": Count("pk", filter=Q(outcome__isnull=True)),
    "kept": Count("pk", filter=Q(outcome=Promise.Outcome.KEPT)),
    "broken": Count("pk", filter=Q(outcome=Promise.Outcome.BROKEN)),
}


class PromisesView(APIView):
    @extend_schema(operation_id="promises_list", responses=Promises)
    def get(self, request: Request) -> Response:
        """How many are open, were kept and were broken; and the latest of them, newest first."""
        if not caller_of(request).can_supervise():
            raise Forbidden("Only supervisors see the promises.")
        latest = Promise.objects.select_related("conversation__customer").order_by("-id")[:MOST]
        items = [_entry(row) for row in latest]
        return answer(Promises(items=items, **Promise.objects.aggregate(**COUNTS)))


def _entry(row: Promise) -> PromiseEntry:
    said = {name: getattr(row, name) for name in PromiseEntry.model_fields if name != "customer"}
    return PromiseEntry(customer=str(row.conversation.customer), **said)
