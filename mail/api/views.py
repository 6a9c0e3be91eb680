"""Letters by webhook: the raw message as its body, by a program whose token may bring mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any, cast
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import BaseModel, ConfigDict, Field
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.api.caller import MAIL
from mail import inbound
from mail.mime import READ_BYTES
from supportdesk.api.refused import Refused
from supportdesk.api.shapes import answer
from supportdesk.limits import Rate

ENVELOPE_TO = "X-Envelope-To"


class InboundLetter(BaseModel):
    model_config = ConfigDict(frozen=True)

    conversation_id: UUID | None = Field(description="Where it was written; null if it was refused.")
    refused: str = Field(description="Why it was refused, for good: bringing it again changes nothing. Else empty.")


class LetterParser(BaseParser):
    """The beginning of the letter: its words come first."""

    media_type = "message/rfc822"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        return stream.read(READ_BYTES + 1)


class InboundView(APIView):
    parser_classes = [LetterParser]
    scope = MAIL
    rate = Rate(600)

    @extend_schema(
        operation_id="mail_inbound",
        parameters=[OpenApiParameter(ENVELOPE_TO, str, OpenApiParameter.HEADER, description="Where it was delivered.")],
        request={"message/rfc822": OpenApiTypes.BINARY},
        responses=InboundLetter,
    )
    def post(self, request: Request) -> Response:
        """Takes a letter as it came (`message/rfc822`). Brought twice it is written once; 200 also where refused."""
        raw = cast("object", request.data)  # what LetterParser read, unless there was nothing
        if not isinstance(raw, bytes) or not raw:
            raise Refused("bad_value", "The body is empty: send the whole letter as message/rfc822.")
        taken = inbound.take(raw, size=_size(request, raw), envelope_to=request.headers.get(ENVELOPE_TO, "")[:320])
        return answer(InboundLetter(conversation_id=taken.conversation_id, refused=taken.reason))


def _size(request: Request, raw: bytes) -> int:
    declared = request.headers.get("Content-Length", "")
    return max(int(declared) if declared.isascii() and declared.isdigit() and len(declared) < 16 else 0, len(raw))
