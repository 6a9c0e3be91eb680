"""`python -m bench [SUBJECT] [--url URL]`: every subject, or one, against a desk of its own or the one at URL."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from bench.desk import DeskDidNotStart, running_desk
from bench.rows import keep, show

SUBJECTS = ("steady",)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("subject", nargs="?", choices=SUBJECTS, help="one of them; all without it")
    parser.add_argument(
        "--url", help="a running desk on this SUPPORTDESK_VAR; without it, one is started for the bench"
    )
    asked = parser.parse_args()
    try:
        with running_desk(asked.url, tell) as url:
            for name in [asked.subject] if asked.subject else SUBJECTS:
                subject = import_module(f"bench.{name}")  # only now: the desk has put its settings in place
                tell(f"{name}: {(subject.__doc__ or '').splitlines()[0]}")
                rows = subject.run(url, tell)
                show(name, rows)
                tell(f"written to {keep(name, rows)}")
    except DeskDidNotStart as problem:
        print(f"bench stopped: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("bench stopped.", file=sys.stderr)
        return 130
    return 0


def tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
