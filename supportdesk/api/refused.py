"""A request that cannot be served, with the code and status it answers. Imports nothing of the apps."""

from __future__ import annotations

BAD_REQUEST = 400


class Refused(Exception):
    """Raised by any view; supportdesk.api.errors makes it the answer. The message says what happened and what to do."""

    def __init__(
        self, code: str, message: str, *, status: int = BAD_REQUEST, retry_after_ms: int | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.retry_after_ms = retry_after_ms


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
