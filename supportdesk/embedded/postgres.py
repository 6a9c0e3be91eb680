"""PostgreSQL 18 of the wheel: makes its data folder once and says how it is started. It listens on a socket file
alone, so two desks never clash."""

from __future__ import annotations

import locale
import os
import secrets
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from supportdesk.embedded import account, binaries, waiting
from supportdesk.embedded.child import Child, Program
from supportdesk.embedded.logs import Log
from supportdesk.embedded.places import Places
from supportdesk.embedded.problem import Problem

NAME = "supportdesk"  # the role and the database
MAJOR = "18"
MAKE_WITHIN_S = 90.0
READY_WITHIN_S = 60.0  # recovery after a crash may read a lot
SMALL_MACHINE = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",  # compiling costs more than these short queries
    "idle_in_transaction_session_timeout": "60s",
    "client_connection_check_interval": "10s",
    "autovacuum_naptime": "20s",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For tests: a crash of the machine may lose what a test wrote.
NOT_DURABLE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass(frozen=True)
class Postgres:
    places: Places
    durable: bool = True

    @property
    def data(self) -> Path:
        return self.places.postgres / "data"

    @property
    def socket_folder(self) -> Path:
        return self.places.sockets / "postgres"

    @property
    def password_file(self) -> Path:
        return self.places.var / "postgres.password"

    @property
    def url(self) -> str:
        return self.url_of(NAME)

    def url_of(self, database: str) -> str:
        password = self.password_file.read_text()
        return f"postgresql://{NAME}:{password}@/{database}?host={quote(str(self.socket_folder), safe='')}"

    def prepare(self, pause: waiting.Pause = time.sleep) -> None:
        """Makes what is missing. A half-made data folder of an earlier, interrupted start is thrown away."""
        who = account.unprivileged()
        for folder in (self.places.postgres, self.socket_folder):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o700)
            if who:
                who.owns(folder)
        if not self.data.exists():
            self.make(who, pause)
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != MAJOR:
            raise Problem(
                f"{self.data} was made by PostgreSQL {version}, this is {MAJOR}: dump and load it, or move it away"
            )
        self.settle_old_pid()

    def make(self, who: account.Account | None, pause: waiting.Pause) -> None:
        fresh = self.places.postgres / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        secret = self.places.postgres / "password"
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(24))
        if who:
            who.owns(secret)
        words: list[str | Path] = ["-D", fresh, "-U", NAME, f"--pwfile={secret}", "-A", "scram-sha-256", "-E", "UTF8"]
        words += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", f"--lc-ctype={utf8_ctype()}"]
        if not self.durable:
            words.append("--no-sync")
        child = Child(
            Program(
                "initdb",
                [binaries.postgres_folder() / "initdb", *words],
                folder=self.places.postgres,
                account=who,
            ),
            Log(self.places.log / "initdb.log"),
        )
        try:
            waiting.until(lambda: child.process.poll() == 0, child, within_s=MAKE_WITHIN_S, pause=pause)
        finally:
            child.stop()
        self.password_file.touch(mode=0o600)
        self.password_file.write_text(secret.read_text())
        secret.unlink()
        fresh.rename(self.data)

    def settle_old_pid(self) -> None:
        """PostgreSQL refuses to start while its pid file names a living process. After a crash that number may belong
        to any program; then the file is stale. One that is ours is stopped: we hold the lock, so nobody needs it."""
        path = self.data / "postmaster.pid"
        try:
            process = psutil.Process(int(path.read_text().splitlines()[0]))
            is_ours = process.name() == "postgres" and process.cwd() == str(self.data.resolve())
        except (OSError, ValueError, IndexError, psutil.Error):
            is_ours = False
        if is_ours:
            process.send_signal(signal.SIGINT)
            psutil.wait_procs([process], timeout=20)
        else:
            for stale in (path, self.socket_folder / ".s.PGSQL.5432.lock"):
                stale.unlink(missing_ok=True)

    def program(self) -> Program:
        settings = SMALL_MACHINE | ({} if self.durable else NOT_DURABLE)
        settings["unix_socket_directories"] = str(self.socket_folder)
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return Program(
            "postgres",
            [binaries.postgres_folder() / "postgres", "-D", self.data.resolve(), *words],
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": utf8_ctype(), "TZ": "UTC"},
            folder=self.places.postgres,
            account=account.unprivileged(),
            death_signal=signal.SIGINT,  # a fast shutdown: clients are cut off, nothing is lost
            stop_signal=signal.SIGINT,
            stop_within_s=20.0,
        )

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.url_of("postgres"), connect_timeout=2, autocommit=True) as link:
                found = link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone()
                if not found:
                    link.execute(f"CREATE DATABASE {NAME}")
        except psycopg.OperationalError:
            return False
        return True


def utf8_ctype() -> str:
    """The locale by which full-text search tells letters from the rest."""
    before = locale.setlocale(locale.LC_CTYPE)
    for name in ("C.UTF-8", "en_US.UTF-8"):
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue
        locale.setlocale(locale.LC_CTYPE, before)
        return name
    return "C"
