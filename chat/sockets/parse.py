"""From a received frame to a command, or to the Error that says what is wrong with it. Pure.

msgspec opens the envelope and pydantic reads the fields: a good frame takes a fifth of the time it would take pydantic
alone. What that way does not accept is read once more, slowly, to say exactly what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
from pydantic import ValidationError
from pydantic_core import ErrorDetails, from_json

from chat.protocol import FRAME_BYTES, Error, ErrorCode, Frame, Wire

CommandTable = Mapping[str, tuple[type[Wire], type[Wire]]]

UTF8_MOST = 4
"""Bytes of one character."""
_CODES: dict[str, ErrorCode] = {"missing": "missing_field", "extra_forbidden": "unknown_field"}
_TEXT_CODES: tuple[ErrorCode, ...] = ("empty_text", "text_too_long", "bad_text")


class Command(msgspec.Struct, frozen=True):
    id: int | str
    type: str
    fields: Wire


class Refused(msgspec.Struct, frozen=True):
    """`id` is the frame's, as far as one could be read."""

    id: int | str | None
    error: Error


class _Envelope(msgspec.Struct, forbid_unknown_fields=True):
    """protocol.Frame, with the fields as they came."""

    id: Annotated[int, msgspec.Meta(ge=0, le=2**53)] | Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    type: str
    data: msgspec.Raw = msgspec.Raw(b"{}")


_open_envelope = msgspec.json.Decoder(_Envelope).decode


def parse(text: str, commands: CommandTable) -> Command | Refused:
    """One text frame against the table of commands that this socket knows."""
    if len(text) <= FRAME_BYTES // UTF8_MOST:
        try:
            envelope = _open_envelope(text)
            fields = commands[envelope.type][0].model_validate_json(bytes(envelope.data))
            return Command(envelope.id, envelope.type, fields)
        except (msgspec.DecodeError, UnicodeError, ValidationError, KeyError, RecursionError):
            pass
    return _parse_slowly(text, commands)


def _parse_slowly(text: str, commands: CommandTable) -> Command | Refused:
    if len(text) > FRAME_BYTES or len(text.encode("utf-8", "surrogatepass")) > FRAME_BYTES:
        return Refused(None, _error("frame_too_large", f"A frame may have {FRAME_BYTES} bytes. Send less at a time."))
    try:
        raw = from_json(text, allow_inf_nan=False)
    except (ValueError, RecursionError):
        return Refused(None, _error("bad_json", "The frame is not JSON. Send one JSON object per frame."))
    if not isinstance(raw, dict):
        return Refused(None, _error("bad_json", "The frame is not a JSON object: {id, type, data}."))
    identifier = _id_of(raw)
    try:
        frame = Frame.model_validate(raw)
    except ValidationError as error:
        return Refused(identifier, _error("bad_frame", f"The frame is not {{id, type, data}}: {_first(error)[1]}"))
    if frame.type not in commands:
        return Refused(identifier, _error("unknown_type", f"There is no command {frame.type[:40]!r} on this socket."))
    try:
        return Command(frame.id, frame.type, commands[frame.type][0].model_validate(frame.data, strict=None))
    except ValidationError as error:
        return Refused(identifier, _error(*_first(error)))


def _id_of(raw: dict[str, object]) -> int | str | None:
    identifier = raw.get("id")
    if isinstance(identifier, bool) or not isinstance(identifier, int | str):
        return None
    return (
        identifier if (isinstance(identifier, int) and abs(identifier) <= 2**53) or len(str(identifier)) <= 64 else None
    )


def validation_error(error: ValidationError) -> Error:
    """What pydantic found, as the one error a client sees (REST uses it too)."""
    return _error(*_first(error))


def _first(error: ValidationError) -> tuple[ErrorCode, str]:
    found: ErrorDetails = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in found["loc"]) or "data"
    for code in _TEXT_CODES:
        if code in found["msg"]:
            return code, _TEXT_WORDS[code].format(where=where)
    if found["type"] in ("string_unicode", "string_sub_type"):
        return "bad_text", _TEXT_WORDS["bad_text"].format(where=where)
    return _CODES.get(found["type"], "bad_value"), f"{where}: {found['msg']}"


_TEXT_WORDS: dict[str, str] = {
    "empty_text": "{where} is empty. Write something first.",
    "text_too_long": "{where} is too long. Split it into several messages.",
    "bad_text": "{where} has characters that cannot be stored (NUL or half a surrogate pair).",
}


def _error(code: ErrorCode, message: str) -> Error:
    return Error(code=code, message=message)
