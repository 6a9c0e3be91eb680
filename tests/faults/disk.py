"""A disk that can be filled: a small file system in memory where mounting is allowed, else a limit on files' size.

Mounted, PostgreSQL meets a real ENOSPC. Without the right to mount, its processes may not write a byte further into
any file (RLIMIT_FSIZE, EFBIG): it cannot even write its log and has to recover from it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import subprocess
from collections.abc import Iterable
from pathlib import Path

SIZE = "640m"
BLOCK = 4096


class Disk:
    """PostgreSQL's, under `folder`. Mount before the desk starts, unmount when it has stopped."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.is_mounted = False

    def mount(self) -> None:
        self.folder.mkdir(parents=True)
        words = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "tmpfs", str(self.folder)]
        with contextlib.suppress(OSError):
            self.is_mounted = subprocess.run(words, check=False, capture_output=True).returncode == 0
        if not self.is_mounted:
            self.folder.rmdir()

    def unmount(self) -> None:
        if self.is_mounted:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True, capture_output=True)

    @property
    def means(self) -> str:
        return "ENOSPC on a small mounted disk" if self.is_mounted else "RLIMIT_FSIZE"

    def fill(self, pids: Iterable[int]) -> None:
        if self.is_mounted:
            with (self.folder / "ballast").open("wb") as ballast:
                _take_all(ballast.fileno(), self.folder)
        else:
            _limit(pids, 0)

    def free(self, pids: Iterable[int]) -> None:
        if self.is_mounted:
            (self.folder / "ballast").unlink(missing_ok=True)
        else:
            _limit(pids, resource.RLIM_INFINITY)


def _take_all(ballast: int, folder: Path) -> None:
    """Every block, down to single ones: others write meanwhile."""
    held, step = 0, os.statvfs(folder).f_bfree * BLOCK
    while step >= BLOCK:
        try:
            os.posix_fallocate(ballast, held, step)
        except OSError as full:
            if full.errno != errno.ENOSPC:
                raise
            step = step // 2 // BLOCK * BLOCK
        else:
            held += step


def _limit(pids: Iterable[int], most: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most if hard < 0 else min(most, hard), hard))
