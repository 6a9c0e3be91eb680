"""Keeps programs running: one that ends is started again at once, more slowly if it keeps ending; all stop in order."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from supportdesk.embedded import leftovers
from supportdesk.embedded.asked import Asked
from supportdesk.embedded.child import Child, Program
from supportdesk.embedded.logs import Log
from supportdesk.embedded.places import Places
from supportdesk.embedded.problem import Problem

BACKOFF_S = (0.0, 0.5, 1.0, 2.0, 5.0)  # by the ends in a row
SETTLED_AFTER_S = 20.0  # one that lived this long ended for a new reason
LOOK_EVERY_S = 1.0

Say = Callable[[str], None]


@dataclass
class Watched:
    child: Child
    before_start: Callable[[], None] | None = None
    ends: int = 0
    start_at: float | None = None  # monotonic; set while it is down


@dataclass
class Supervisor:
    places: Places
    asked: Asked
    say: Say
    watched: dict[str, Watched] = field(default_factory=dict)

    def start(self, program: Program, before_start: Callable[[], None] | None = None) -> Child:
        """Starts it and watches it from now on. `before_start` runs before each restart, never before the first."""
        child = Child(program, self.log_of(program))
        self.watched[program.name] = Watched(child, before_start)
        self.record()
        return child

    def log_of(self, program: Program) -> Log:
        return Log(self.places.log / f"{program.name}.log", show=self.say)

    def run_once(self, program: Program) -> None:
        """Runs a program that ends by itself. Raises Problem with its own reason if it fails."""
        child = Child(program, self.log_of(program))
        try:
            while child.lives:
                self.tend()
                self.asked.pause(0.05)
        finally:
            child.stop()
        if child.process.returncode != 0:
            raise Problem(f"{program.name} failed: {child.how_it_ended()} (all of it: {child.log.path})")

    def pause(self, seconds: float) -> None:
        self.asked.pause(seconds)

    def watch(self) -> None:
        """Until StopAsked."""
        while True:
            self.tend()
            self.asked.pause(self.next_start())

    def tend(self) -> None:
        for name, one in self.watched.items():
            if one.start_at is None and not one.child.lives:
                self.note_end(name, one)
            if one.start_at is not None and time.monotonic() >= one.start_at:
                self.start_again(name, one)

    def note_end(self, name: str, one: Watched) -> None:
        one.ends = 0 if one.child.age_s > SETTLED_AFTER_S else one.ends
        delay = BACKOFF_S[min(one.ends, len(BACKOFF_S) - 1)]
        one.ends += 1
        one.start_at = time.monotonic() + delay
        when = f"in {delay:g} s" if delay else "at once"
        self.say(f"{name} ended ({one.child.how_it_ended()}): starting it again {when}")

    def start_again(self, name: str, one: Watched) -> None:
        one.start_at = None
        try:
            if one.before_start:
                one.before_start()
            one.child = Child(one.child.program, one.child.log)
        except Problem as problem:
            one.start_at = time.monotonic() + BACKOFF_S[-1]
            self.say(f"{name}: {problem}; trying again in {BACKOFF_S[-1]:g} s")
        self.record()

    def next_start(self) -> float:
        waits = [one.start_at - time.monotonic() for one in self.watched.values() if one.start_at is not None]
        return max(0.0, min([*waits, LOOK_EVERY_S]))

    def record(self) -> None:
        leftovers.record(self.places, {name: one.child.pid for name, one in self.watched.items()})

    def stop_all(self, order: tuple[str, ...]) -> None:
        for name in sorted(self.watched, key=order.index):
            one = self.watched[name]
            if one.child.lives:
                began = time.monotonic()
                one.child.stop()
                self.say(f"stopped {name} in {time.monotonic() - began:.1f} s")
        self.watched.clear()
