"""What the supervisor is asked by signals, heard at once wherever it waits: Ctrl-C, SIGTERM or SIGHUP stop the desk,
SIGUSR1 replaces its web processes."""

from __future__ import annotations

import select
import signal
import socket
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopAsked(Exception):  # not an error: someone pressed Ctrl-C
    pass


class Asked:
    """Signals only set a flag and wake the wait; nothing is done inside a handler."""

    def __init__(self) -> None:
        self.to_stop = False
        self.to_replace_web = False
        self.ear, mouth = socket.socketpair()
        self.mouth = mouth
        for end in (self.ear, mouth):
            end.setblocking(False)
        signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
        for number in STOPPING:
            signal.signal(number, self.hear)
        signal.signal(signal.SIGUSR1, self.hear_replace)
        signal.signal(signal.SIGCHLD, self.wake)

    def hear(self, number: int, frame: FrameType | None) -> None:
        self.to_stop = True

    def hear_replace(self, number: int, frame: FrameType | None) -> None:
        self.to_replace_web = True

    def wake(self, number: int, frame: FrameType | None) -> None:
        """A child ended: Python has written to the wake-up socket already."""

    def pause(self, seconds: float) -> None:
        """Waits, or until a signal comes. Raises StopAsked if that was a stop, or if one came before."""
        if not self.to_stop:
            select.select([self.ear], [], [], seconds)
            self.drain()
        if self.to_stop:
            raise StopAsked

    def drain(self) -> None:
        try:
            while self.ear.recv(64):
                pass
        except BlockingIOError:
            pass
