"""python -m supportdesk.embedded run | restart-web | exec -- CMD... | build | npm WORDS..."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from supportdesk.embedded import desk, frontend, restart
from supportdesk.embedded.child import launched
from supportdesk.embedded.places import Places
from supportdesk.embedded.problem import Problem
from supportdesk.embedded.services import services
from supportdesk.embedded.web import PROCESSES_MOST

ROOT = Path(__file__).resolve().parent.parent.parent
DISK_FULL = 28
PORTS = range(1, 65536)


def main(words: list[str]) -> int:
    try:
        return act(parse(words))
    except Problem as problem:
        return stop(str(problem))
    except OSError as problem:
        if problem.errno == DISK_FULL:
            return stop("the disk is full: make room and run again")
        return stop(f"{problem.strerror or problem}: {problem.filename or 'no file named'}")
    except KeyboardInterrupt:
        return 130


def act(given: argparse.Namespace) -> int:
    if given.command == "run":
        desk.Desk(ROOT, var(), os.environ.get("HOST") or "127.0.0.1", port(), web_processes()).run()
        return 0
    if given.command == "restart-web":
        restart.web(Places(var()))
        return 0
    if given.command == "build":
        frontend.build(ROOT)
        # The desk runs without the encoder too: it says why it is missing, and goes on.
        subprocess.run([sys.executable, "-m", "supportdesk.encoder.build"], cwd=ROOT, check=False)
        return 0
    if given.command == "npm":
        return frontend.npm(ROOT, given.words)
    return beside_services(given.words)


def beside_services(words: list[str]) -> int:
    program = shutil.which(words[0])
    if program is None:
        raise Problem(f"there is no program called {words[0]}")
    with services(var()) as urls:
        env = {**os.environ, **urls, "SUPPORTDESK_VAR": str(var())}
        return subprocess.run(launched([program, *words[1:]], signal.SIGKILL), env=env, check=False).returncode


def parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m supportdesk.embedded", description="The desk on one machine.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="services, web, worker and beat under one supervisor")
    commands.add_parser("restart-web", help="new web processes for the desk that runs; nobody is cut off")
    commands.add_parser("build", help="the widget and the console, if their sources changed")
    beside = commands.add_parser("exec", help="run a command with PostgreSQL and Redis beside it")
    beside.add_argument("words", nargs="+", metavar="CMD")
    npm = commands.add_parser("npm", help="npm in frontend/")
    npm.add_argument("words", nargs=argparse.REMAINDER)
    return parser.parse_args(words)


def var() -> Path:
    return Path(os.environ.get("SUPPORTDESK_VAR") or ROOT / "var").absolute()


def port() -> int:
    return number("PORT", "8000", PORTS)


def web_processes() -> int:
    return number("WEB_PROCESSES", "1", range(1, PROCESSES_MOST + 1))


def number(name: str, default: str, allowed: range) -> int:
    given = os.environ.get(name) or default
    if not (given.isascii() and given.isdigit() and int(given) in allowed):
        raise Problem(f"{name}={given} is not a number from {allowed.start} to {allowed.stop - 1}")
    return int(given)


def stop(why: str) -> int:
    print(f"the desk stopped: {why}", file=sys.stderr)  # noqa: T201  # the one line a person reads
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
