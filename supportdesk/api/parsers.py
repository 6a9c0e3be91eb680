"""JSON bodies of a bounded size: what a stranger sends is never read without an end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from supportdesk.api.refused import Refused

BODY_BYTES = 65_536
"""As long as a socket's frame. A view that takes more (articles) says so with `body_bytes`."""


class BoundedJSONParser(BaseParser):
    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        limit: int = getattr((parser_context or {}).get("view"), "body_bytes", BODY_BYTES)
        raw: bytes = stream.read(limit + 1)
        if len(raw) > limit:
            raise Refused("frame_too_large", f"The body is longer than {limit} bytes.", status=413)
        try:
            return json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise Refused("bad_json", "The body is not JSON in UTF-8.") from None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
