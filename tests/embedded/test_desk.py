"""The whole desk under its supervisor: ready, restarted, refused twice, stopped, and never left behind."""

from __future__ import annotations

import os
import signal
import socket
import urllib.request

import psutil
import pytest

from tests.embedded.conftest import Start
from tests.embedded.started import Started, all_end, eventually, free_port

NAMES = {"postgres", "redis", "web", "worker", "beat"}
pytestmark = [pytest.mark.fault, pytest.mark.timeout(240)]


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:  # our own
            return bool(answer.status == 200)
    except OSError:
        return False


def kill(desk: Started, name: str) -> None:
    old = desk.pids()[name]
    os.kill(old, signal.SIGKILL)
    eventually(lambda: desk.pids()[name] != old and psutil.pid_exists(desk.pids()[name]))


def test_a_desk_starts_mends_itself_and_stops(start: Start) -> None:
    port = free_port()
    desk = start("run", PORT=str(port))
    desk.says("The desk is ready")
    assert f"http://localhost:{port}/shop/" in desk.output
    assert "password demo-desk" in desk.output
    assert set(desk.pids()) == NAMES
    assert answers(port)

    for name in sorted(NAMES):
        kill(desk, name)
        desk.says(f"{name} ended (killed by SIGKILL): starting it again")
    eventually(lambda: answers(port))

    processes = desk.family()
    desk.process.send_signal(signal.SIGTERM)
    assert desk.ends() == 0, desk.output
    assert all_end(processes)
    assert "Traceback" not in desk.output
    order = [desk.output.index(f"stopped {name}") for name in ("web", "beat", "worker", "redis", "postgres")]
    assert order == sorted(order)


def test_kill_9_of_the_supervisor_leaves_no_process_and_the_next_start_works(start: Start) -> None:
    port = str(free_port())
    desk = start("run", PORT=port)
    desk.says("The desk is ready")
    processes = desk.family()
    assert len(processes) >= len(NAMES)
    desk.process.kill()
    assert all_end(processes)
    again = start("run", PORT=port)
    again.says("The desk is ready")


def test_ctrl_c_in_the_middle_of_the_start_stops_cleanly(start: Start) -> None:
    desk = start("run", PORT=str(free_port()))
    desk.says("[2/7]")
    processes = desk.family()
    desk.process.send_signal(signal.SIGINT)
    assert desk.ends() == 0, desk.output
    assert all_end(processes)
    assert "Traceback" not in desk.output


def test_a_port_in_use_is_told_in_one_line(start: Start) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        desk = start("run", PORT=str(port))
        assert desk.ends() == 1
    assert (
        desk.output == f"the desk stopped: port {port} is in use by another program: run `make run PORT={port + 1}`\n"
    )


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_told_in_one_line(start: Start, port: str) -> None:
    desk = start("run", PORT=port)
    assert desk.ends() == 1
    assert desk.output == f"the desk stopped: PORT={port} is not a number from 1 to 65535\n"


@pytest.mark.parametrize(
    ("words", "env", "why"),
    [
        ("run", {"WEB_PROCESSES": "0"}, "WEB_PROCESSES=0 is not a number from 1 to 32"),
        ("run", {"SERVER": "apache"}, "SERVER=apache is none of: daphne, uvicorn"),
        ("restart-web", {}, "no desk runs on "),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(start: Start, words: str, env: dict[str, str], why: str) -> None:
    desk = start(words, PORT=str(free_port()), **env)
    assert desk.ends() == 1
    assert desk.output.startswith(f"the desk stopped: {why}")
    assert desk.output.count("\n") == 1


def test_a_database_that_cannot_be_reached_is_told_without_its_password(start: Start) -> None:
    desk = start("run", PORT=str(free_port()), DATABASE_URL="postgres://u:hidden@127.0.0.1:1/x")
    assert desk.ends() == 1
    assert "DATABASE_URL is given but cannot be used" in desk.output
    assert "hidden" not in desk.output
    assert desk.output.count("\n") == 1
