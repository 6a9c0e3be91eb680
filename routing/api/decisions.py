"""Why a message went to the bot or to a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.api.caller import caller_of
from chat import access
from routing import decisions
from supportdesk.api.refused import Refused
from supportdesk.api.shapes import Shape, answer

BIGGEST_SEQ = 2**31 - 1
NOT_FOUND = 404


NOT_ROUTED = (
    "Nothing was decided here: the customer pressed the button for a person, a person had the conversation, "
    "or the bot did not answer in time."
)


class ExplainedDecision(Shape):
    """`headline`, `because`, `also` and `again` are sentences; `ids` are of the rule, patterns and versions that they
    put in words. `is_confirmed`: from its `signals` and `policy` as stored, today's rules decide the same. `upto_seq`
    is the last message of the turn, `text` all of what it said."""

    decision_id: int
    inbox_id: int
    text: str
    upto_seq: int
    route: str
    rule: str
    headline: str
    because: str
    also: list[str]
    again: str
    is_confirmed: bool
    ids: dict[str, str]
    signals: dict[str, Any]
    policy: dict[str, Any]
    policy_version: str
    model_version: str
    decided_at: datetime


class ExplanationView(APIView):
    @extend_schema(operation_id="messages_explanation", responses=ExplainedDecision)
    def get(self, request: Request, conversation_id: UUID, seq: int) -> Response:
        """Why the bot answered this message, or a person was called; for a bot's message, why it was said."""
        seen = access.conversation_of_desk(caller_of(request).agent, conversation_id)
        row = decisions.of_message(seen.pk, min(seq, BIGGEST_SEQ))
        if row is None:
            raise Refused("not_found", NOT_ROUTED, status=NOT_FOUND)
        found = decisions.explanation_of(row)
        return answer(
            ExplainedDecision(
                decision_id=row.pk, inbox_id=seen.inbox_id, text=decisions.text_of(row),
                upto_seq=row.upto_seq, route=row.route, rule=row.rule, headline=found.headline,
                because=found.because, also=list(found.also), again=found.again, is_confirmed=found.is_confirmed,
                ids=found.ids, signals=row.signals, policy=row.policy, policy_version=row.policy_version,
                model_version=row.model_version, decided_at=row.decided_at,
            )
        )  # fmt: skip
