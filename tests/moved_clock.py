"""A clock that a test moves for a whole desk: every process that reads the time reads it off one file.

libfaketime answers the C library's wall clock; intervals (monotonic) go on as they are. PostgreSQL and Redis are left
alone: the desk asks neither for the time, only `supportdesk/clock.py`.
"""

from __future__ import annotations

import platform
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from supportdesk.clock import now

only_here = pytest.mark.skipif(
    (platform.system(), platform.machine()) != ("Linux", "x86_64"), reason="libfaketime is built for Linux on x86-64"
)


class MovedClock:
    def __init__(self, folder: Path, at: datetime) -> None:
        self._file = folder / "clock"
        self._ahead = timedelta()
        self.move_to(at)

    def environment(self) -> dict[str, str]:
        """What the processes that are to live by it are started with."""
        library = files("libfaketime").joinpath("vendor/libfaketime/src/libfaketime.so.1")
        return {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",  # read at every look at the clock: once moved, it has moved for all
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def now(self) -> datetime:
        return now() + self._ahead

    def move_to(self, moment: datetime) -> timedelta:
        """Returns how far it has moved."""
        assert moment.tzinfo is UTC
        moved = moment - self.now()
        self._ahead += moved
        new = self._file.with_suffix(".new")
        new.write_text(f"{self._ahead.total_seconds():+.0f}s\n")
        new.replace(self._file)
        return moved
