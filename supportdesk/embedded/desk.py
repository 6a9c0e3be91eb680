"""The whole desk on one machine, read from top to bottom: services, schema, demo, web, worker, beat; then watch."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psycopg
from redis.exceptions import RedisError

from supportdesk.demo import DEMO_AGENTS, DEMO_PASSWORD, DEMO_SUPERVISOR
from supportdesk.embedded import leftovers, lock, postgres, redis_server, waiting, web
from supportdesk.embedded.asked import Asked, StopAsked
from supportdesk.embedded.child import Child, Program
from supportdesk.embedded.launch import PR_SET_PDEATHSIG
from supportdesk.embedded.places import Places
from supportdesk.embedded.postgres import Postgres
from supportdesk.embedded.problem import Problem
from supportdesk.embedded.redis_server import RedisServer
from supportdesk.embedded.services import publish
from supportdesk.embedded.supervisor import Supervisor
from supportdesk.embedded.web import Web
from supportdesk.redis_address import client

STEPS = 7
STOP_ORDER = ("web", "beat", "worker", "redis", "postgres")
READY_WITHIN_S = 60.0
WORKER_THREADS = 4


@dataclass
class Desk:
    root: Path
    var: Path
    host: str
    port: int
    processes: int = 1
    urls: dict[str, str] = field(default_factory=dict)
    step: int = 0

    def __post_init__(self) -> None:
        self.web = Web(Places(self.var), self.host, self.port, self.processes)

    def run(self) -> None:
        """Until a stop is asked for. Raises Problem when the desk cannot start."""
        end_with_make()
        web.refuse_unknown_server(os.environ.get("SERVER") or "daphne")
        self.web.bind()
        places = self.web.places
        places.prepare()
        with ExitStack() as stack:
            stack.enter_context(lock.held(places))
            leftovers.clear(places)
            self.web.forget()
            supervisor = Supervisor(places, Asked(), say)
            stack.callback(leftovers.forget, places)
            stack.callback(supervisor.stop_all, STOP_ORDER)
            try:
                self.start(supervisor)
                supervisor.watch(partial(self.replace_web, supervisor))
            except StopAsked:
                say("stopping")
        say("stopped")

    def start(self, supervisor: Supervisor) -> None:
        began = time.monotonic()
        self.started("PostgreSQL 18", lambda: self.start_postgres(supervisor))
        self.started("Redis", lambda: self.start_redis(supervisor))
        publish(supervisor.places, self.urls)
        self.started("the schema", lambda: supervisor.run_once(self.manage("migrate", "--no-input")))
        self.started("the demo shop", lambda: supervisor.run_once(self.manage("load_demo")))
        # All three are started before any is waited for: each takes a second or two to import.
        webs = [self.web.program(name, self.env(), self.root) for name in self.web.names]
        children = {program.name: supervisor.start(program) for program in (*webs, self.worker(), self.beat())}
        self.started("the routing worker", lambda: self.await_worker(supervisor, children["worker"]))
        self.started("the scheduler", lambda: self.await_beat(supervisor, children["beat"]))
        self.started("the web server", lambda: self.await_web(supervisor, [children[one] for one in self.web.names]))
        say(self.welcome(time.monotonic() - began))

    def started(self, what: str, start: Callable[[], None]) -> None:
        self.step += 1
        began = time.monotonic()
        start()
        say(f"[{self.step}/{STEPS}] {what}: ready in {time.monotonic() - began:.1f} s")

    # --- services -------------------------------------------------------------------------------------------------

    def start_postgres(self, supervisor: Supervisor) -> None:
        if given := os.environ.get("DATABASE_URL"):
            self.urls["DATABASE_URL"] = reachable_postgres(given)
            return
        server = Postgres(supervisor.places)
        server.prepare(supervisor.pause)
        child = supervisor.start(server.program(), before_start=server.settle_old_pid)
        waiting.until(server.answers, child, within_s=postgres.READY_WITHIN_S, pause=supervisor.pause)
        self.urls["DATABASE_URL"] = server.url

    def start_redis(self, supervisor: Supervisor) -> None:
        if given := os.environ.get("REDIS_URL"):
            self.urls["REDIS_URL"] = reachable_redis(given)
            return
        server = RedisServer(supervisor.places)
        child = supervisor.start(server.program())
        waiting.until(server.answers, child, within_s=redis_server.READY_WITHIN_S, pause=supervisor.pause)
        self.urls["REDIS_URL"] = server.url

    # --- the desk's own programs ------------------------------------------------------------------------------------

    def manage(self, command: str, *words: str) -> Program:
        return self.python(command, "manage.py", command, *words, "--verbosity", "0")

    def worker(self) -> Program:
        words = ["--pool", "threads", "--concurrency", str(WORKER_THREADS), "--queues", "routing,default"]
        words += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]
        return self.celery("worker", *words)

    def beat(self) -> Program:
        return self.celery("beat", "--loglevel", "INFO", "--pidfile=")

    def celery(self, name: str, *words: str) -> Program:
        return self.python(name, "-m", "celery", "--app", "supportdesk", "--quiet", name, *words)

    def python(self, name: str, *words: str, stop_within_s: float = 8.0) -> Program:
        return Program(name, [sys.executable, *words], env=self.env(), folder=self.root, stop_within_s=stop_within_s)

    def env(self) -> Mapping[str, str]:
        ours = {"SUPPORTDESK_VAR": str(self.var), "PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        return {**os.environ, **ours, **self.urls, "DJANGO_SETTINGS_MODULE": "supportdesk.settings"}

    # --- when each is ready -----------------------------------------------------------------------------------------

    def await_worker(self, supervisor: Supervisor, child: Child) -> None:
        def is_ready() -> bool:
            return any(line.rstrip().endswith("ready.") for line in list(child.log.last))

        waiting.until(is_ready, child, within_s=READY_WITHIN_S, pause=supervisor.pause)

    def await_beat(self, supervisor: Supervisor, child: Child) -> None:
        schedule = supervisor.places.run
        waiting.until(
            lambda: any(schedule.glob("beat-schedule*")), child, within_s=READY_WITHIN_S, pause=supervisor.pause
        )

    def await_web(self, supervisor: Supervisor, children: Iterable[Child]) -> None:
        for child in children:
            answers = partial(self.web.answers, child)
            waiting.until(answers, child, within_s=web.READY_WITHIN_S, pause=supervisor.pause)

    def replace_web(self, supervisor: Supervisor) -> None:
        """One after the other, each only when the one before answers and the one it replaces has gone."""
        for name in self.web.names:
            began = time.monotonic()
            try:
                supervisor.replace(name, self.web.answers, ready_in_s=web.READY_WITHIN_S, left_in_s=web.LEAVES_WITHIN_S)
            except Problem as problem:
                say(f"{name} is not replaced: {problem}")
                return
            say(f"replaced {name} in {time.monotonic() - began:.1f} s")

    def mail_goes(self) -> str:
        server = os.environ.get("EMAIL_HOST")
        outbox = self.var / "outbox"
        return f"mail goes out by {server}" if server else f"mail is put into {outbox} (EMAIL_HOST names no server)"

    def welcome(self, seconds: float) -> str:
        public = (os.environ.get("PUBLIC_URL") or f"http://localhost:{self.port}").rstrip("/")
        return f"""
The desk is ready ({seconds:.1f} s).

  shop, with the chat    {public}/shop/
  agents' console        {public}/console/
  API documentation      {public}/api/docs/

  sign in as {", ".join(DEMO_AGENTS)} or {DEMO_SUPERVISOR} (supervisor), password {DEMO_PASSWORD}
  {self.mail_goes()}
  logs in {self.var / "log"}; Ctrl-C stops everything
"""


def end_with_make() -> None:
    """`make` killed by -9 takes no child with it: as its child we ask the kernel to be told, and stop in order."""
    if "MAKELEVEL" in os.environ and sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            raise Problem("make ended before the desk could start")


def reachable_postgres(url: str) -> str:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.Error as problem:
        said = str(problem).strip().splitlines()
        raise Problem(f"DATABASE_URL is given but cannot be used: {said[0] if said else 'no answer'}") from problem
    return url


def reachable_redis(url: str) -> str:
    try:
        with client(url, socket_connect_timeout=5, socket_timeout=5) as link:
            link.ping()
    except (RedisError, ValueError) as problem:
        raise Problem(f"REDIS_URL is given but cannot be used: {problem}") from problem
    return url


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  # a command's progress
