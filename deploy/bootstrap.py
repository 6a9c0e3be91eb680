"""Makes .venv from requirements.txt with the standard library alone, before anything else can be imported.

A failure is one line that says what happened and what to do; pip's own words are kept in a file.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.txt"
STAMP = VENV / ".installed"
LOG = VENV / "install.log"
OLDEST, NEWEST = (3, 11), (3, 14)
ROOM_NEEDED = 2 * 1024**3


def main() -> int:
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        return stop(f"Python {sys.version.split()[0]} found, 3.11 or newer needed: run `make PYTHON=python3.11 ...`")
    if STAMP.exists() and STAMP.read_text() == wanted():
        return 0
    try:
        if shutil.disk_usage(ROOT).free < ROOM_NEEDED:
            return stop(f"less than {ROOM_NEEDED // 1024**3} GB free on the disk of {ROOT}: make room and run again")
        return install()
    except OSError as problem:
        return stop(f"cannot write {VENV}: {problem.strerror or problem}")
    except subprocess.CalledProcessError:
        return stop("python's venv module is incomplete (on Debian: apt install python3-venv), or the disk is full")


def install() -> int:
    began = time.monotonic()
    if not (VENV / "bin" / "pip").exists():
        say("making .venv")
        venv.create(VENV, with_pip=True, clear=True)
    say(f"installing {LOCK.read_text().count('==')} locked packages into .venv")
    pip = [VENV / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes"]
    with (
        LOG.open("w") as log,
        subprocess.Popen(
            [*pip, "--only-binary", ":all:", "-r", LOCK],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
        ) as child,
    ):
        follow(child, log, began)
    if child.returncode != 0:
        return stop(reason(LOG.read_text()))
    STAMP.write_text(wanted())
    say(f"installed in {time.monotonic() - began:.0f} s")
    return 0


def follow(child, log, began) -> None:
    collected = 0
    for line in child.stdout:
        log.write(line)
        collected += line.startswith("Collecting ")
        if line.startswith("Installing collected"):
            say(f"  {collected} packages fetched, unpacking ({time.monotonic() - began:.0f} s)")
        elif line.startswith("Collecting ") and collected % 25 == 0:
            say(f"  {collected} packages found ({time.monotonic() - began:.0f} s)")


def reason(output: str) -> str:
    """The cause most people meet, in their words; else pip's last error line."""
    unreachable = "the package index cannot be reached: check the network"
    known = {
        "No space left on device": "the disk is full: make room and run again",
        "do not match the hashes": "a package differs from the one locked in requirements.txt: check your index",
        "Temporary failure in name resolution": unreachable,
        "Failed to establish a new connection": unreachable,
        "Max retries exceeded": unreachable,
        "Could not fetch URL": unreachable,
        "No matching distribution": "no ready-made package for this system (nothing is compiled here)",
    }
    cause = next((said for sign, said in known.items() if sign in output), None)
    errors = [line for line in output.splitlines() if line.startswith("ERROR")]
    return f"{cause or (errors or ['pip failed'])[-1]} (all of it: {LOG.relative_to(ROOT)})"


def wanted() -> str:
    return f"{sys.version_info[:2]}\n{LOCK.read_text()}"


def say(line: str) -> None:
    print(line, flush=True)


def stop(why: str) -> int:
    print(f"install stopped: {why}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
