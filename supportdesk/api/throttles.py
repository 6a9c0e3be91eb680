"""How often a caller of REST may ask."""

from __future__ import annotations

from typing import Any, cast

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from supportdesk.api.refused import TooMany
from supportdesk.limits import Rate, count


def take(what: str, whose: str, rate: Rate) -> None:
    """Counts one try of `what`.

    Raises:
        TooMany: the window is used up; it says when the next one begins.
    """
    wait_s = count(what, whose, rate)
    if wait_s:
        raise TooMany(wait_s)


def address_of(request: Request) -> str:
    """The caller's IP address; NUM_PROXIES says how many proxies may name it."""
    return str(BaseThrottle().get_ident(request))


FORGED = Rate(60)
"""Tokens that do not hold, an address a minute: a program with one that was revoked goes on, and is told to wait."""


def take_forged(request: Request) -> None:
    """Counts a token that does not hold.

    Raises:
        TooMany: this address has sent too many.
    """
    take("forged", address_of(request), FORGED)


class PerCaller(BaseThrottle):
    """One window a caller (token, agent or customer), else an address. A view's `rate` may differ."""

    rate = Rate(1200)

    def allow_request(self, request: Request, view: Any) -> bool:
        rate = cast("Rate", getattr(view, "rate", self.rate))
        take("rest", getattr(request.auth, "key", "") or address_of(request), rate)
        return True
