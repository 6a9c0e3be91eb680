"""python -m supportdesk.serve: listens at HOST:PORT, or on the sockets that a supervisor hands down."""

from __future__ import annotations

import sys
from importlib import import_module

from django.core.exceptions import ImproperlyConfigured

from supportdesk.env import env_str
from supportdesk.serve.doors import Taken, open_doors

SERVERS = {"daphne": "supportdesk.serve.on_daphne", "uvicorn": "supportdesk.serve.on_uvicorn"}


def main() -> int:
    name = env_str("SERVER", "daphne").lower()
    if name not in SERVERS:
        return refuse(f"SERVER={name!r} is none of: {', '.join(sorted(SERVERS))}")
    try:
        doors = open_doors()
        try:
            import_module(SERVERS[name]).run(doors)
        finally:
            doors.close()
    except (ImproperlyConfigured, Taken) as problem:
        return refuse(str(problem))
    return 0


def refuse(why: str) -> int:
    print(f"ERROR the web process stopped: {why}", file=sys.stderr)  # noqa: T201  # nothing is set up to log it yet
    return 1


if __name__ == "__main__":
    sys.exit(main())
