"""A request that cannot be served, with the code and status it answers. Imports nothing of the apps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BAD_REQUEST = 400


@dataclass(frozen=True, slots=True)
class Wrong:
    """One of several things that are wrong in what somebody wrote: where (`slots.0.ask`, `en.3`), and what."""

    at: str
    says: str


class Refused(Exception):
    """Raised by any view; supportdesk.api.errors makes it the answer. The message says what happened and what to do."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int = BAD_REQUEST,
        retry_after_ms: int | None = None,
        problems: Sequence[Wrong] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.retry_after_ms = retry_after_ms
        self.problems = tuple(problems)


class Forbidden(Refused):
    def __init__(self, message: str) -> None:
        super().__init__("forbidden", message, status=403)


class TooMany(Refused):
    def __init__(self, wait_s: float) -> None:
        super().__init__(
            "rate_limited",
            "Too many requests. Wait as long as retry_after_ms says, then send it again.",
            status=429,
            retry_after_ms=max(1, int(wait_s * 1000)),
        )
