"""A child's output: kept in a file of bounded size, its warnings repeated on the screen."""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import IO

LIMIT_BYTES = 5_000_000  # then the file becomes NAME.log.1, and the one before is dropped
LINE_LIMIT = 8_192
WORTH_SHOWING = re.compile(r"\b(WARNING|ERROR|CRITICAL|FATAL|PANIC)\b")
OF_NO_ACCOUNT = re.compile(
    r"Memory overcommit must be enabled"  # for background saves, which are off
    r"|the database system is (starting up|shutting down|not yet accepting)"  # told to those who ask too early
)
LAST_LINES = 20


class Log:
    def __init__(self, path: Path, show: Callable[[str], None] | None = None) -> None:
        self.path = path
        self.show = show
        self.last: deque[str] = deque(maxlen=LAST_LINES)

    def follow(self, output: IO[bytes]) -> threading.Thread:
        reader = threading.Thread(target=self.copy, args=(output,), daemon=True, name=f"log {self.path.stem}")
        reader.start()
        return reader

    def copy(self, output: IO[bytes]) -> None:
        """Until the program and all its children have closed their output. A full disk loses log, not the desk."""
        with output:
            while line := output.readline(LINE_LIMIT):
                self.take(line)

    def take(self, line: bytes) -> None:
        text = line.decode(errors="replace").rstrip()
        self.last.append(text)
        try:
            if self.path.exists() and self.path.stat().st_size > LIMIT_BYTES:
                self.path.replace(self.path.with_suffix(".log.1"))
            with self.path.open("ab") as file:
                file.write(line)
        except OSError:
            pass
        if self.show and WORTH_SHOWING.search(text[:200]) and not OF_NO_ACCOUNT.search(text):
            self.show(f"{self.path.stem}: {text}")

    def reason(self) -> str:
        """The last line that says why, for a program that ended."""
        telling = [line for line in self.last if WORTH_SHOWING.search(line) or "rror" in line]
        return (telling or [*self.last, "it said nothing"])[-1].strip()
