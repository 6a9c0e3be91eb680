"""A second web node beside a running desk: the same program on the same services, at its own port, kept running."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psutil

from supportdesk.embedded.child import Child, Program
from supportdesk.embedded.logs import Log

LOOK_EVERY_S = 0.1
RESTART_S = 0.5


class SecondNode:
    """Runs what the desk's web process runs. Start it in the main thread: it ends with that."""

    def __init__(self, web_pid: int, old_port: int, port: int, log: Path) -> None:
        web = psutil.Process(web_pid)
        words = [str(port) if word == str(old_port) else word for word in web.cmdline()]
        assert str(port) in words, f"no port in {words}"
        self.port = port
        self.program = Program("web-2", words, env=web.environ(), folder=Path(web.cwd()), stop_within_s=10.0)
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
