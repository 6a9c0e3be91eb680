"""PostgreSQL and Redis beside one command: they come, they go with it, and they never stay behind."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import psutil
import psycopg
import pytest

from supportdesk.embedded.places import Places
from supportdesk.env import read_services
from tests.embedded.conftest import Start
from tests.embedded.started import all_end, eventually

WAIT = ("exec", "--", sys.executable, "-c", "print('begun', flush=True); import time; time.sleep(300)")


def url_of(var: Path) -> str:
    return read_services(var / "run" / "services.env")["DATABASE_URL"]


def test_a_command_finds_postgresql_18_with_vectors_and_its_exit_code_is_ours(start: Start) -> None:
    program = (
        "import os, psycopg, redis, sys; link = psycopg.connect(os.environ['DATABASE_URL']);"
        "link.execute('CREATE EXTENSION vector');"
        "print(link.info.server_version // 10000, link.execute(\"SELECT '[3,4]'::vector <-> '[0,0]'\").fetchone()[0]);"
        "print(redis.Redis.from_url(os.environ['REDIS_URL']).ping()); sys.exit(7)"
    )
    run = start("exec", "--", sys.executable, "-c", program)
    assert run.ends() == 7, run.output
    assert "18 5.0\nTrue" in run.output


def test_services_end_with_their_command(start: Start) -> None:
    run = start("exec", "--", sys.executable, "-c", "import time; time.sleep(0.5)")
    eventually(lambda: (run.var / "run" / "pids.json").exists())
    processes = run.family()
    assert {"postgres", "redis-server"} <= {process.name() for process in processes}
    assert run.ends() == 0, run.output
    assert all_end(processes)
    assert not (run.var / "run" / "pids.json").exists()


def test_kill_9_of_the_one_that_started_them_leaves_no_process(start: Start) -> None:
    run = start(*WAIT)
    run.says("begun")
    processes = run.family()
    run.process.kill()
    assert all_end(processes)


def test_what_was_committed_is_there_after_kill_9_of_everything(start: Start) -> None:
    run = start(*WAIT)
    run.says("begun")
    with psycopg.connect(url_of(run.var), autocommit=True) as link:
        link.execute("CREATE TABLE kept (word text)")
        link.execute("INSERT INTO kept VALUES ('still here')")
    processes = run.family()
    os.kill(run.pids()["postgres"], signal.SIGKILL)
    run.process.kill()
    assert all_end(processes)
    again = start(*WAIT)
    again.says("begun")
    with psycopg.connect(url_of(again.var)) as link:
        assert link.execute("SELECT word FROM kept").fetchone() == ("still here",)


def test_a_pid_file_that_names_somebody_else_does_not_stop_postgresql(start: Start) -> None:
    run = start("exec", "--", "true")
    assert run.ends() == 0, run.output
    data = Places(run.var).postgres / "data"
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n0\n5432\n{data}\n\n0 0\nready\n")
    again = start("exec", "--", "true")
    assert again.ends() == 0, again.output


def test_a_second_one_on_the_same_folder_is_told_in_one_line(start: Start) -> None:
    first = start(*WAIT)
    first.says("begun")
    output = first.output
    second = start("exec", "--", "true")
    assert second.ends() == 1
    assert second.output.startswith("the desk stopped: a desk already runs on ")
    assert second.output.count("\n") == 1, output


def test_two_run_side_by_side(start: Start) -> None:
    first, second = start(*WAIT, var="one"), start(*WAIT, var="two")
    first.says("begun")
    second.says("begun")
    assert url_of(first.var) != url_of(second.var)
    with psycopg.connect(url_of(first.var)), psycopg.connect(url_of(second.var)):
        pass


def test_a_path_too_long_for_sockets_is_no_obstacle(start: Start) -> None:
    run = start("exec", "--", "true", var="/".join(["a-folder-with-a-long-name"] * 6))
    assert run.ends() == 0, run.output
    sockets = Places(run.var).sockets
    assert not sockets.is_relative_to(run.var)
    assert sockets.lstat().st_uid == os.getuid()


def test_a_folder_that_cannot_be_written_is_told_in_one_line(start: Start, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    run = start("exec", "--", "true", var="file")
    assert run.ends() == 1
    assert "cannot write to" in run.output
    assert run.output.count("\n") == 1


def test_leftovers_are_recognised_by_when_they_started_not_by_number_alone(start: Start) -> None:
    """A recorded number that now belongs to another program is let be."""
    run = start("exec", "--", "true")
    assert run.ends() == 0
    ours = psutil.Process()
    (run.var / "run" / "pids.json").write_text(f'{{"redis": {ours.pid}}}')
    (run.var / "run" / "started.json").write_text(f'{{"redis": {ours.create_time() - 60}}}')
    assert start("exec", "--", "true").ends() == 0
    assert ours.is_running()


@pytest.mark.parametrize(("name", "value"), [("DATABASE_URL", "postgres://u:secret@127.0.0.1:1/x")])
def test_a_service_whose_address_is_given_is_not_started(start: Start, name: str, value: str) -> None:
    run = start("exec", "--", sys.executable, "-c", f"import os; print(os.environ['{name}'])", **{name: value})
    assert run.ends() == 0, run.output
    assert value in run.output
    assert not (run.var / "postgres").exists()
