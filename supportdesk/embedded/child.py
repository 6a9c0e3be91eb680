"""One program of the desk: how it is started, whether it lives, how it is stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from supportdesk.embedded.account import Account
from supportdesk.embedded.logs import Log
from supportdesk.embedded.problem import Problem

LAUNCH = Path(__file__).with_name("launch.py")
PARSE_ONLY = ("-I", "-S")  # launch.py needs no packages: it starts in a tenth of the time without them


def launched(argv: Sequence[str | Path], death_signal: signal.Signals, account: Account | None = None) -> list[str]:
    """The command that runs `argv` so that it ends when this thread does. `argv` begins with a whole path."""
    who = account or Account(os.getuid(), os.getgid())
    words = (os.getpid(), int(death_signal), who.uid, who.gid, *argv)
    return [sys.executable, *PARSE_ONLY, str(LAUNCH), *map(str, words)]


@dataclass(frozen=True)
class Program:
    name: str
    argv: Sequence[str | Path]
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    folder: Path = field(default_factory=Path.cwd)
    account: Account | None = None
    death_signal: signal.Signals = signal.SIGKILL
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within_s: float = 8.0
    files: tuple[int, ...] = ()
    """Open files it inherits, by number."""


class Child:
    """Must be started from the main thread: the kernel ends a child with the thread that made it."""

    def __init__(self, program: Program, log: Log) -> None:
        self.program = program
        self.log = log
        command = launched(program.argv, program.death_signal, program.account)
        try:
            self.process = subprocess.Popen(
                command,
                env=dict(program.env),
                cwd=program.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=program.files,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops the others in order
            )
        except OSError as problem:
            raise Problem(f"cannot start {program.name}: {problem.strerror}") from problem
        self.born = time.monotonic()
        assert self.process.stdout is not None
        self.reader = log.follow(self.process.stdout)

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def lives(self) -> bool:
        return self.process.poll() is None

    @property
    def age_s(self) -> float:
        return time.monotonic() - self.born

    def how_it_ended(self) -> str:
        code = self.process.poll()
        self.reader.join(timeout=0.5)
        if code is None:
            return "it is running"
        if code < 0:
            return f"killed by {signal.Signals(-code).name}"
        return f"exit code {code}: {self.log.reason()}"

    def ask_to_end(self, how: signal.Signals | None = None) -> None:
        if self.lives:
            self.process.send_signal(how or self.program.stop_signal)

    def stop(self) -> None:
        """Asks it to end, waits, then kills it and all of its process group."""
        self.ask_to_end()
        self.end()

    def end(self) -> None:
        """It has been asked: waits, then kills it and all of its process group."""
        if self.lives:
            try:
                self.process.wait(self.program.stop_within_s)
            except subprocess.TimeoutExpired:
                os.killpg(self.pid, signal.SIGKILL)
                self.process.wait()
        self.reader.join(timeout=2)
