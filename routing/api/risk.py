"""What may go wrong in an inbox, and what that leaves to the bot, for supervisors."""

from __future__ import annotations

from typing import Annotated, Literal

from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import Field, StringConstraints
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.api.caller import KNOWLEDGE, caller_of
from chat.models import Inbox
from routing import limits, versions
from routing.api.learning import BIGGEST_ID, NOT_FOUND, check_supervises
from routing.risk import NEVER, Bar, Limit, WishBar
from supportdesk.api.refused import Refused
from supportdesk.api.shapes import Shape, answer, read_body, read_query


class _LimitOf(Shape):
    """What a limit is for, and how sure of it the desk must be."""

    kind: Literal["wrong", "missed_requests"] = "wrong"
    intent: Annotated[str, StringConstraints(max_length=60, pattern="^[a-z0-9_]*$")] = ""
    confidence: Annotated[float, Field(ge=0.5, le=0.999)] = 0.95

    def check(self) -> None:
        """Raises Refused."""
        if self.kind == "missed_requests" and self.intent:
            raise Refused("bad_value", "intent: a limit for missed requests is for the whole inbox.")


MostWrong = Annotated[float, Field(ge=0.001, le=0.5)]


class LimitGiven(_LimitOf):
    """At most `most_wrong` of what the bot answers is wrong, with this confidence; null takes the limit away. `intent`
    empty: every intent that has no limit of its own. With `kind` `missed_requests`: at most that share of the
    requests for a person is missed; it has no intent."""

    most_wrong: MostWrong | None


class LimitShown(Shape):
    """`bar`: how sure the bot must be; null where people answer. `kept`: the share of `examples` it then answers, of
    which `wrong` wrongly. `says` tells it in a sentence."""

    intent: str
    most_wrong: float
    confidence: float
    bar: float | None
    kept: float
    examples: int
    answered: int
    wrong: int
    says: str


class RequestsShown(Shape):
    """Requests for a person, by the model beside the rules: from `bar` on the chance of one sends a message to people.
    It follows from the limit `most_missed`, or is the usual one where that is null. Of held-out messages `missed` of
    `requests` lie below it; `needless` of `others`, and `needless_hard` of `hard` that only sound like a request,
    above. Without `shown` nothing shows that the limit holds: people answer everything but small talk."""

    most_missed: float | None
    confidence: float | None
    bar: float
    shown: bool
    requests: int
    missed: int
    others: int
    needless: int
    hard: int
    needless_hard: int
    says: str


class LimitList(Shape):
    """`model`: the promoted version whose held-out examples were asked; null while the shipped reader reads."""

    model: int | None
    items: list[LimitShown]
    missed_requests: RequestsShown


class LimitAsked(_LimitOf):
    """A limit that is not set yet."""

    most_wrong: MostWrong


class LimitForeseen(Shape):
    """What the limit would do, in a sentence. Without `shown` people would answer everything it is for."""

    says: str
    shown: bool


class ForeseenView(APIView):
    scope = KNOWLEDGE

    @extend_schema(
        operation_id="risk_foreseen",
        parameters=[
            OpenApiParameter("most_wrong", float, required=True),
            OpenApiParameter("kind", enum=["wrong", "missed_requests"]),
            OpenApiParameter("intent"),
            OpenApiParameter("confidence", float),
        ],
        responses=LimitForeseen,
    )
    def get(self, request: Request, inbox_id: int) -> Response:
        """What a limit would leave to the bot, before it is set."""
        check_supervises(request)
        asked, number = read_query(request, LimitAsked), versions.live_number()
        inbox_of(inbox_id)
        asked.check()
        limit = Limit(asked.most_wrong, asked.confidence)
        if asked.kind == "missed_requests":
            missed = limits.wish_bar_of(limit, number)
            return answer(LimitForeseen(says=missed.says(), shown=missed.at > 0))
        bar = limits.bars({asked.intent: limit}, number)[asked.intent]
        return answer(LimitForeseen(says=bar.says(), shown=bar.at < NEVER))


class RiskView(APIView):
    scope = KNOWLEDGE

    @extend_schema(operation_id="risk_list", responses=LimitList)
    def get(self, request: Request, inbox_id: int) -> Response:
        """The inbox's limits, the bars that follow from them, and how much that leaves to the bot."""
        check_supervises(request)
        return _shown(inbox_of(inbox_id))

    @extend_schema(operation_id="risk_set", request=LimitGiven, responses=LimitList)
    def put(self, request: Request, inbox_id: int) -> Response:
        """Sets or takes away one limit; routing keeps to it from its next batch on."""
        check_supervises(request)
        given, inbox = read_body(request, LimitGiven), inbox_of(inbox_id)
        given.check()
        limit = Limit(given.most_wrong, given.confidence) if given.most_wrong is not None else None
        limits.set_limit(
            inbox_id=inbox.pk, kind=given.kind, intent=given.intent, limit=limit, by=caller_of(request).agent
        )
        return _shown(inbox)


def inbox_of(inbox_id: int) -> Inbox:
    found = Inbox.objects.filter(pk=min(inbox_id, BIGGEST_ID)).first()
    if found is None:
        raise Refused("not_found", "There is no such inbox: see GET inboxes/.", status=NOT_FOUND)
    return found


def _shown(inbox: Inbox) -> Response:
    allowed, number = limits.live([inbox.pk]).get(inbox.pk, limits.NOTHING_SAID), versions.live_number()
    bars = limits.bars(allowed.wrong, number)
    items = [_one(name, allowed.wrong[name], bars[name]) for name in sorted(allowed.wrong)]
    bar = limits.wish_bar_of(allowed.missed_requests, number)
    return answer(LimitList(model=number, items=items, missed_requests=_requests(allowed.missed_requests, bar)))


def _requests(limit: Limit | None, bar: WishBar) -> RequestsShown:
    return RequestsShown(
        most_missed=limit.most_wrong if limit else None, confidence=limit.confidence if limit else None,
        bar=round(bar.at, 4), shown=bar.at > 0, requests=bar.wishes, missed=bar.missed, others=bar.others,
        needless=bar.needless, hard=bar.hard, needless_hard=bar.needless_hard, says=bar.says(),
    )  # fmt: skip


def _one(intent: str, limit: Limit, bar: Bar) -> LimitShown:
    return LimitShown(
        intent=intent, most_wrong=limit.most_wrong, confidence=limit.confidence,
        bar=bar.at if bar.at < NEVER else None, kept=round(bar.kept, 4), examples=bar.examples,
        answered=bar.answered, wrong=bar.wrong, says=bar.says(),
    )  # fmt: skip
