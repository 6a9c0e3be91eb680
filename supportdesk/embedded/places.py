"""Where one desk keeps its things under SUPPORTDESK_VAR; its sockets elsewhere when that path is too long for them."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from supportdesk.embedded.problem import Problem

SOCKET_PATH_LIMIT = 103  # bytes; Linux takes 107, macOS 103
LONGEST_SOCKET = "postgres/.s.PGSQL.5432"
ROOM_NEEDED_MB = 300


@dataclass(frozen=True)
class Places:
    var: Path

    @property
    def run(self) -> Path:
        return self.var / "run"

    @property
    def log(self) -> Path:
        return self.var / "log"

    @property
    def postgres(self) -> Path:
        return self.var / "postgres"

    @property
    def services_env(self) -> Path:
        return self.run / "services.env"

    @property
    def pids(self) -> Path:
        return self.run / "pids.json"

    @property
    def sockets(self) -> Path:
        near = self.run / "s"
        if len(os.fsencode(near / LONGEST_SOCKET)) <= SOCKET_PATH_LIMIT:
            return near
        mark = hashlib.sha256(os.fsencode(self.var)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"supportdesk-{os.getuid()}-{mark}"

    def prepare(self) -> None:
        """Makes the folders. Raises Problem when the disk is full or the folder is not ours to write."""
        try:
            for folder in (self.run, self.log):
                folder.mkdir(parents=True, exist_ok=True)
            # As root, PostgreSQL is another user and must pass through to its own folder; the rest stays closed.
            self.run.chmod(0o711 if os.getuid() == 0 else 0o700)
            self.log.chmod(0o700)
            prepare_private(self.sockets)
            probe = self.run / "probe"
            probe.write_bytes(b"x" * 4096)
            probe.unlink()
        except OSError as problem:
            raise Problem(
                f"cannot write to {self.var}: {problem.strerror}. Free it or set SUPPORTDESK_VAR to another folder"
            ) from problem
        free = shutil.disk_usage(self.var).free // 1024**2
        if free < ROOM_NEEDED_MB:
            raise Problem(
                f"only {free} MB are free on the disk of {self.var}, {ROOM_NEEDED_MB} MB are needed: "
                "make room or set SUPPORTDESK_VAR to a folder elsewhere"
            )


def prepare_private(folder: Path) -> None:
    """Makes a folder that only we can write. One in the temp folder that belongs to someone else is refused."""
    folder.mkdir(mode=0o711, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise Problem(f"{folder} belongs to someone else: remove it or set TMPDIR or a shorter SUPPORTDESK_VAR")
    folder.chmod(0o711 if os.getuid() == 0 else 0o700)
