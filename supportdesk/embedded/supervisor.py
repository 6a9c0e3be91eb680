"""Keeps programs running: one that ends is started again at once, more slowly if it keeps ending; all stop in order."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from supportdesk.embedded import leftovers, waiting
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
    passing: dict[str, Child] = field(default_factory=dict)
    """Those who come or go while one program takes another's place."""

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

    def watch(self, replace_web: Callable[[], None]) -> None:
        """Until StopAsked."""
        while True:
            self.tend()
            self.asked.pause(self.next_start())
            if self.asked.to_replace_web:
                self.asked.to_replace_web = False
                replace_web()

    def replace(self, name: str, is_ready: Callable[[Child], bool], *, ready_in_s: float, left_in_s: float) -> None:
        """Starts a second one; only when it is ready the first is asked to end, and waited for.

        Raises Problem if the second does not become ready: then the first stays.
        """
        old = self.watched[name].child
        new = self.passing[f"{name}-coming"] = Child(old.program, old.log)
        self.record()
        try:
            waiting.until(lambda: is_ready(new), new, within_s=ready_in_s, pause=self.tend_and_pause)
        except Problem:
            new.stop()
            raise
        finally:
            del self.passing[f"{name}-coming"]
        self.watched[name] = Watched(new, self.watched[name].before_start)
        self.passing[f"{name}-going"] = old
        self.record()
        self.await_end(old, left_in_s)
        del self.passing[f"{name}-going"]
        self.record()

    def await_end(self, child: Child, within_s: float) -> None:
        child.ask_to_end(signal.SIGTERM)
        limit = time.monotonic() + within_s
        while child.lives and time.monotonic() < limit:
            self.tend_and_pause(waiting.LOOK_EVERY_S)
        if child.lives:
            os.killpg(child.pid, signal.SIGKILL)
        child.end()

    def tend_and_pause(self, seconds: float) -> None:
        self.tend()
        self.asked.pause(seconds)

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
        leftovers.record(self.places, {name: child.pid for name, child in self.children().items()})

    def children(self) -> dict[str, Child]:
        return {name: one.child for name, one in self.watched.items()} | self.passing

    def stop_all(self, order: Sequence[str]) -> None:
        """Kind by kind (`web` is the kind of `web-2`), those of one kind side by side."""
        for kind in order:
            of_kind = {name: one for name, one in self.children().items() if name.split("-")[0] == kind and one.lives}
            began = time.monotonic()
            for child in of_kind.values():
                child.ask_to_end()
            for name, child in of_kind.items():
                child.end()
                self.say(f"stopped {name} in {time.monotonic() - began:.1f} s")
        self.watched.clear()
        self.passing.clear()
