"""A second web node beside a running desk, as on another machine: the same program on the same services, kept running.

It listens for itself, so that while it is down its connections are refused; the desk's own node keeps them waiting.
"""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import psutil

from supportdesk.embedded.child import Child, Program
from supportdesk.embedded.logs import Log

LOOK_EVERY_S = 0.1
RESTART_S = 0.5
ITS_OWN_DOORS = ("WEB_LISTEN_FD", "WEB_OWN_SOCKET")


class SecondNode:
    """Runs what the desk's web process runs. Start it in the main thread: it ends with that."""

    def __init__(self, web_pid: int, port: int, log: Path) -> None:
        web = psutil.Process(web_pid)
        kept = {name: value for name, value in web.environ().items() if name not in ITS_OWN_DOORS}
        self.port = port
        self.program = Program(
            "web-2",
            web.cmdline(),
            env={**kept, "HOST": "127.0.0.1", "PORT": str(port)},
            folder=Path(web.cwd()),
            stop_signal=signal.SIGINT,
            stop_within_s=15.0,
        )
        self.child = Child(self.program, Log(log))
        self._keeper: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        return self.child.pid

    def keep(self) -> None:
        self._keeper = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if not self.child.lives:
                await asyncio.sleep(RESTART_S)
                self.child = Child(self.program, self.child.log)

    async def let_go(self) -> None:
        """Nobody starts it again from here on."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)

    def stop(self) -> None:
        self.child.stop()

    def answers(self) -> bool:
        return any(
            found.laddr.port == self.port and found.status == psutil.CONN_LISTEN
            for found in psutil.Process(self.pid).net_connections("tcp")
        )
