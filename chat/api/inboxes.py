"""Inboxes, for those who supervise: what a merchant's site allows and promises."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.api.caller import caller_of
from chat.api.shapes import ChangeInbox, InboxEntry, Inboxes
from chat.models import Inbox
from supportdesk.api.refused import Forbidden, Refused
from supportdesk.api.shapes import answer, read_body
from supportdesk.clock import now

MOST = 500


class InboxesView(APIView):
    @extend_schema(operation_id="inboxes_list", responses=Inboxes)
    def get(self, request: Request) -> Response:
        """Every inbox; the identity secret is never shown."""
        if not caller_of(request).can_supervise():
            raise Forbidden("Only supervisors see the inboxes.")
        return answer(Inboxes(items=[_entry(row) for row in Inbox.objects.order_by("id")[:MOST]]))


class InboxView(APIView):
    @extend_schema(operation_id="inboxes_change", request=ChangeInbox, responses=InboxEntry)
    def patch(self, request: Request, inbox_id: int) -> Response:
        """Sets the target, the hours and the policy from now on: what was asked before is measured by what there was,
        and a date that was promised stays."""
        if not caller_of(request).can_supervise():
            raise Forbidden("Only supervisors change an inbox.")
        wanted = read_body(request, ChangeInbox).changes()
        if wanted:
            Inbox.objects.filter(pk=inbox_id).update(**wanted)
        row = Inbox.objects.filter(pk=inbox_id).first()
        if row is None:
            raise Refused("not_found", "There is no such inbox: see GET inboxes/.", status=404)
        return answer(_entry(row))


def _entry(row: Inbox) -> InboxEntry:
    columns = InboxEntry.model_fields.keys() - {"is_open"}
    return InboxEntry(
        **{name: getattr(row, name) for name in columns},
        is_open=row.opening().is_open(now()),
    )
