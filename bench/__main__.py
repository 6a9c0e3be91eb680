"""`python -m bench [SUBJECT ...]`: measure everything, or some. `python -m bench SUBJECT --help` for its options."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from bench.client import LoadFailed
from bench.desk import DeskDidNotStart, running_desk
from bench.rows import keep, show
from bench.stage import ServerDidNotStart, stage
from supportdesk.embedded.problem import Problem

WHOLE_DESK = ("steady", "route")
"""Subjects that need worker and beat too; the others measure one server at a time."""
SUBJECTS = ("relay", "idle", "resume", "queue", "decision", "search")
LONG = ("hold", "growth")
"""Take ten minutes and more each, so only when asked for."""


def main() -> int:
    asked = parse()
    try:
        for name in [asked.subject] if asked.subject else [*SUBJECTS, *WHOLE_DESK]:
            measure(name, asked)
    except (DeskDidNotStart, ServerDidNotStart, LoadFailed, Problem) as problem:
        print(f"bench stopped: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("bench stopped.", file=sys.stderr)
        return 130
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "subject",
        nargs="?",
        choices=[*SUBJECTS, *WHOLE_DESK, *LONG],
        help=f"one of them; without it all but {' and '.join(LONG)}, which take long",
    )
    parser.add_argument("--url", help="steady, route: a running desk on this SUPPORTDESK_VAR instead of one of its own")
    parser.add_argument("--only", action="append", help="relay, idle, resume, hold: this contender alone")
    parser.add_argument("--rounds", type=int, help="not hold, steady: how often each has its turn")
    parser.add_argument("--rate", action="append", dest="rates", type=int, help="route: a second; may be repeated")
    parser.add_argument("--seconds", type=int, help="hold: how long")
    parser.add_argument("--sockets", type=int, help="hold: how many customers")
    parser.add_argument("--messages-to", type=int, help="growth: up to which power of ten")
    return parser.parse_args()


def measure(name: str, asked: argparse.Namespace) -> None:
    """The options that were given go to `run` by their names; one it does not take is an error."""
    options = {key: value for key, value in vars(asked).items() if key not in ("subject", "url") and value is not None}
    if name in WHOLE_DESK:
        with running_desk(asked.url, tell) as url:
            yield_rows(name, url, options)
    else:
        with stage() as on:
            yield_rows(name, on, options)


def yield_rows(name: str, where: object, options: dict[str, object]) -> None:
    subject = import_module(f"bench.{name}")  # only now: the desk's settings are in place
    tell(f"{name}: {(subject.__doc__ or '').splitlines()[0]}")
    rows = subject.run(where, tell, **options)
    show(name, rows)
    if "only" not in options:  # a part would pass for the whole
        tell(f"written to {keep(name, rows)}")


def tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
