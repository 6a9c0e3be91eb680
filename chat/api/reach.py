"""How many who asked for a person had one in time, for those who supervise: by inbox, and day or week."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.api.caller import caller_of
from chat import reach
from chat.api.shapes import Reach, ReachOfInbox, ReachPeriod, ReachQuery
from chat.models import Inbox
from supportdesk.api.refused import Forbidden
from supportdesk.api.shapes import answer, read_query

INBOXES_MOST = 20
"""In one answer; ask for the others by `inbox_id`."""

QUERY = [
    OpenApiParameter("inbox_id", int, description="Of this inbox only."),
    OpenApiParameter("length", str, enum=["day", "week"], default="day"),
    OpenApiParameter("days", int, default=28, description="How many of the last days, at most 400."),
]


class ReachView(APIView):
    @extend_schema(operation_id="reach_list", parameters=QUERY, responses=Reach)
    def get(self, request: Request) -> Response:
        """Each inbox with its target, and what came of it in each day or week in which somebody asked."""
        if not caller_of(request).can_supervise():
            raise Forbidden("Only supervisors see how many reach a person.")
        asked = read_query(request, ReachQuery)
        rows = Inbox.objects.order_by("id")
        if asked.inbox_id is not None:
            rows = rows.filter(pk=asked.inbox_id)
        return answer(Reach(items=[_entry(row, asked) for row in rows[:INBOXES_MOST]]))


def _entry(inbox: Inbox, asked: ReachQuery) -> ReachOfInbox:
    since = reach.first_day(inbox, asked.length, asked.days)
    return ReachOfInbox(
        inbox_id=inbox.pk, name=inbox.name, target_s=inbox.queue_s, target_percent=inbox.reach_percent,
        tz=inbox.opening().tz.key, since=since, until=reach.today(inbox).begins,
        periods=[_period(one) for one in reach.measured(inbox, asked.length, since)],
    )  # fmt: skip


def _period(one: reach.Period) -> ReachPeriod:
    own = ReachPeriod.model_fields.keys() - {"share"}
    return ReachPeriod(**{name: getattr(one, name) for name in own}, share=one.share())
