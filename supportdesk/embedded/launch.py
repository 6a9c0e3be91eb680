"""Becomes a child program: drops root, asks the kernel to end it when its supervisor ends, and executes it.

Run by file name in a process of its own, so it may import the standard library only. A program started here cannot
outlive the supervisor, however that one ends: PR_SET_PDEATHSIG is set after the change of user, which clears it.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


def main(parent: int, death_signal: int, uid: int, gid: int, program: list[str]) -> None:
    on_linux = sys.platform == "linux"
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    if uid != os.getuid():
        become(uid, gid, passing=None if can_reach(program[0], uid, gid) or not on_linux else CAP_DAC_OVERRIDE)
    if on_linux:
        libc().prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:  # it ended before we asked to be told
        sys.exit(1)
    os.execv(program[0], program)  # noqa: S606  # no shell: the list is the supervisor's own


def become(uid: int, gid: int, passing: int | None) -> None:
    if passing is not None:
        libc().prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if passing is not None:
        keep(passing)


def keep(capability: int) -> None:
    """Keeps one capability over exec. Only for a checkout under a closed folder such as /root: the new user could
    not enter it to read its own program."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    bit = 1 << capability
    sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)
    libc().capset(header, sets)
    libc().prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0)


def can_reach(program: str, uid: int, gid: int) -> bool:
    """Whether that user may enter every folder above the program and above the folder we stand in."""
    folders = (os.path.dirname(os.path.realpath(program)), os.path.realpath(".."))
    return all(enterable(folder, uid, gid) for folder in folders)


def enterable(folder: str, uid: int, gid: int) -> bool:
    found = os.stat(folder)
    bit = 0o100 if found.st_uid == uid else 0o010 if found.st_gid == gid else 0o001
    above = os.path.dirname(folder)
    return bool(found.st_mode & bit) and (above == folder or enterable(above, uid, gid))


def libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


if __name__ == "__main__":
    _parent, _signal, _uid, _gid = (int(word) for word in sys.argv[1:5])
    main(_parent, _signal, _uid, _gid, sys.argv[5:])
