"""Bodies and queries in, models out: pydantic shapes with unknown fields refused, errors named by field and code."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails
from rest_framework.request import Request
from rest_framework.response import Response

from supportdesk.api.refused import Refused

TEXT_CODES = {"bad_text", "empty_text", "text_too_long"}
"""What the text rules of the protocol raise; REST answers the same."""


class Shape(BaseModel):
    """Base of the shapes that only REST has."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def is_storable(text: str) -> str:
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("bad_text")
    return text


Storable = Annotated[str, StringConstraints(max_length=200), AfterValidator(is_storable)]
"""A short text that PostgreSQL can keep."""
LineOfText = Annotated[str, StringConstraints(max_length=500), AfterValidator(is_storable)]
"""As the protocol's Line, for apps that may not know the protocol."""

ShapeT = TypeVar("ShapeT", bound=BaseModel)


def read_body(request: Request, shape: type[ShapeT]) -> ShapeT:
    """The request's JSON object as `shape`; an empty body is an empty object.

    Raises:
        Refused: unknown_field, missing_field, bad_value, or a text rule's code.
    """
    body = request.data
    if not isinstance(body, dict):
        raise Refused("bad_json", "The body must be a JSON object.")
    return _read(body, shape)


def read_query(request: Request, shape: type[ShapeT]) -> ShapeT:
    """The query string as `shape`.

    Raises:
        Refused: as read_body.
    """
    return _read(request.query_params.dict(), shape)


def _read(given: dict[str, Any], shape: type[ShapeT]) -> ShapeT:
    try:
        return shape.model_validate(given)
    except ValidationError as problem:
        raise _refused(problem.errors(include_url=False, include_input=False)[0]) from None


def _refused(error: ErrorDetails) -> Refused:
    field = ".".join(str(part) for part in error["loc"]).encode("ascii", "replace").decode()[:100]
    if error["type"] == "missing":
        return Refused("missing_field", f"{field} is missing.")
    if error["type"] == "extra_forbidden":
        return Refused("unknown_field", f"{field} is not a field of this request.")
    said = "bad_text" if error["type"] == "string_unicode" else str(error.get("ctx", {}).get("error", ""))
    if said in TEXT_CODES:
        return Refused(said, f"{field} cannot be stored: {said.replace('_', ' ')}.")
    return Refused("bad_value", f"{field}: {error['msg']}.")


def answer(model: BaseModel, *, status: int = 200) -> Response:
    return Response(model.model_dump(mode="json"), status=status)
