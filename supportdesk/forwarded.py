"""Who called, where proxies of ours stand in front: the last addresses of X-Forwarded-For are theirs to say.

What stands before those is the caller's own word and is not believed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

Application = Callable[[Any, Any, Any], Awaitable[None]]


def by_proxies(application: Application, proxies: int) -> Application:
    """`scope["client"]` becomes the caller as the outermost of our `proxies` saw him; with none, nothing changes."""
    if proxies == 0:
        return application

    async def seen(scope: Any, receive: Any, send: Any) -> None:
        named = [value for name, value in scope.get("headers", ()) if name == b"x-forwarded-for"]
        chain = [one.strip() for one in b",".join(named).decode("latin-1").split(",") if one.strip()]
        if chain:
            scope = {**scope, "client": (chain[-min(proxies, len(chain))], 0)}
        await application(scope, receive, send)

    return seen
