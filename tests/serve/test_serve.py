"""Both servers, with two processes behind one port: the same bounds, the same good-bye, nothing acknowledged lost."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect

from chat.protocol import CLOSE_GOING_AWAY
from supportdesk.serve.bounds import BODY_BYTES, FRAME_BYTES
from tests import desk as desks
from tests.desk import Desk
from tests.serve.crowd import Crowd

SOCKETS = 200

pytestmark = [pytest.mark.fault, pytest.mark.timeout(180)]


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with two web processes on that server."""
    var = tmp_path_factory.mktemp(request.param)
    running = desks.start(var, SERVER=request.param, WEB_PROCESSES="2", NEW_VISITORS_PER_MINUTE="100000")
    yield running
    desks.stop(running)


async def test_a_rolling_restart_moves_every_socket_and_loses_nothing(pair: Desk) -> None:
    before = pair.pids()
    assert {"web-1", "web-2"} <= before.keys()
    crowd, gathered, enough = Crowd(pair.ws_url, SOCKETS, pace_s=0.5), asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(crowd.run(gathered, enough))
    await gathered.wait()
    await asyncio.to_thread(restart_web, pair)
    enough.set()
    await running
    figures = crowd.figures()
    after = pair.pids()
    assert before["web-1"] != after["web-1"]
    assert before["web-2"] != after["web-2"]
    assert crowd.told >= SOCKETS, figures
    assert set(crowd.closed) == {CLOSE_GOING_AWAY}, figures
    assert len(crowd.came_back) >= SOCKETS, figures
    assert crowd.refused.keys() <= {"busy"}, figures
    with pair.database() as database:
        rows = database.execute(
            "SELECT client_id, count(*) FROM chat_message WHERE client_id = ANY(%s) GROUP BY client_id",
            [list(crowd.acked)],
        ).fetchall()
    assert {str(client_id): times for client_id, times in rows} == dict.fromkeys(crowd.acked, 1), figures


def restart_web(pair: Desk) -> None:
    command = [sys.executable, "-m", "supportdesk.embedded", "restart-web"]
    subprocess.run(command, env={"SUPPORTDESK_VAR": str(pair.var)}, check=True, timeout=100)


def test_compression_is_not_negotiated(pair: Desk) -> None:
    with connect(f"{pair.ws_url}/ws/customer/") as socket:
        assert socket.response is not None
        assert "Sec-WebSocket-Extensions" not in socket.response.headers


def close_code_after(pair: Desk, frame: str) -> int | None:
    with connect(f"{pair.ws_url}/ws/customer/") as socket, contextlib.suppress(ConnectionClosedError):
        socket.send(frame)
        socket.recv(timeout=10)
    return socket.close_code


def test_a_frame_too_long_ends_the_connection(pair: Desk) -> None:
    # Cut before it is read to its end, so the code need not arrive.
    assert close_code_after(pair, "x" * (FRAME_BYTES + 1)) in (1009, 1006)


def test_a_body_too_long_is_not_taken_and_the_server_goes_on(pair: Desk) -> None:
    address = urlsplit(pair.url)
    link = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
    with contextlib.closing(link), pytest.raises((http.client.HTTPException, ConnectionError)):
        post(link, b"x" * (2 * BODY_BYTES))
    assert pair.is_ready()


def post(link: http.client.HTTPConnection, body: bytes) -> None:
    """Raises what ends the connection, or HTTPException for an answer that refuses."""
    link.request("POST", "/api/v1/customer/session/", body, {"Content-Type": "application/json"})
    answer = link.getresponse()
    if answer.status >= http.client.BAD_REQUEST:
        raise http.client.HTTPException(answer.status)


def test_both_processes_share_the_port_and_one_that_is_killed_is_started_again(pair: Desk) -> None:
    killed = pair.pids()["web-2"]
    pair.kill("web-2")
    assert pair.is_ready()
    desks.until(lambda: pair.pids()["web-2"] != killed, 20, "web-2 is not started again")
