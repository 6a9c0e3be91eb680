"""npm from the wheel: the packages of the lock, the build, and the frontend's own scripts. Built again only when its
sources changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from supportdesk.embedded import binaries
from supportdesk.embedded.problem import Problem

SOURCE_ENDINGS = {".ts", ".tsx", ".css", ".html", ".json", ".svg", ".png", ".woff2"}
NOT_SOURCES = {"node_modules", "dist"}


def build(root: Path) -> None:
    folder = root / "frontend"
    install(folder)
    stamp = folder / "dist" / ".built"
    wanted = fingerprint(sources(folder))
    if stamp.exists() and stamp.read_text() == wanted:
        return
    began = time.monotonic()
    say("building the widget and the console")
    quietly(folder, "run", "build")
    stamp.write_text(wanted)
    say(f"built in {time.monotonic() - began:.0f} s")


def install(folder: Path) -> None:
    stamp = folder / "node_modules" / ".installed"
    wanted = fingerprint([folder / "package-lock.json"])
    if stamp.exists() and stamp.read_text() == wanted:
        return
    began = time.monotonic()
    say("installing the frontend's locked packages")
    quietly(folder, "ci", "--no-audit", "--no-fund")
    stamp.write_text(wanted)
    say(f"installed in {time.monotonic() - began:.0f} s")


def npm(root: Path, words: Sequence[str]) -> int:
    """Runs npm in frontend/ and gives its exit code."""
    install(root / "frontend")
    return subprocess.run(command(words), cwd=root / "frontend", env=environment(), check=False).returncode


def quietly(folder: Path, *words: str) -> None:
    """Shows npm's output only when it fails."""
    done = subprocess.run(
        command(words), cwd=folder, env=environment(), capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode == 0:
        return
    output = done.stdout + done.stderr
    log = folder / "npm.log"
    try:
        log.write_text(output)
    except OSError as problem:
        raise Problem(f"npm {words[0]} failed, and {log} cannot be written: {problem.strerror}") from problem
    raise Problem(f"npm {' '.join(words[:2])} failed: {reason(output)} (all of it: {log})")


def reason(output: str) -> str:
    """What most people meet, in their words; else the first line that names an error."""
    known = {
        "ENOSPC": "the disk is full: make room and run again",
        "ENOTFOUND": "npm's registry cannot be reached: check the network",
        "ETIMEDOUT": "npm's registry cannot be reached: check the network",
        "EACCES": "a file cannot be written: check who owns frontend/",
    }
    cause = next((said for sign, said in known.items() if sign in output), None)
    return cause or next((line.strip() for line in output.splitlines() if "rror" in line), "no reason given")


def command(words: Sequence[str]) -> list[str]:
    folder = binaries.node_folder()
    return [str(folder / "node"), str(folder.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"), *words]


def environment() -> dict[str, str]:
    return {**os.environ, "PATH": binaries.path_with_node(os.environ.get("PATH", ""))}


def sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name not in NOT_SOURCES:
            yield from sources(path)
        elif path.suffix in SOURCE_ENDINGS:
            yield path


def fingerprint(paths: Iterator[Path] | list[Path]) -> str:
    mark = hashlib.sha256()
    for path in paths:
        mark.update(str(path.name).encode() + b"\0" + path.read_bytes() + b"\0")
    return mark.hexdigest()


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  # a command's progress
