"""The unprivileged account for PostgreSQL, which refuses to run as root. Without root everything runs as ourselves."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAME = "supportdesk-pg"


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    def owns(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


def unprivileged() -> Account | None:
    """Who runs PostgreSQL: None is ourselves; as root a system user of its own, made once, else nobody."""
    if os.getuid() != 0:
        return None
    return found(NAME) or made() or found("nobody") or Account(65534, 65534)


def found(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def made() -> Account | None:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd is None:
        return None
    command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
    subprocess.run(command, check=False, capture_output=True)
    return found(NAME)
