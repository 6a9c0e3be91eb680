"""A crowd of customers on real sockets: each posts now and then, and follows `going_away` as the widget does.

A post is sent with the same client_id until it is answered, so what was acknowledged can be looked for afterwards.
`python -m tests.serve.crowd URL --sockets 5000 --seconds 60` prints what was seen.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from supportdesk.demo import DEMO_SITE_KEY

CONNECTING_MOST = 50
"""At once, while the crowd gathers."""
LOST_WAIT_S = 0.5


@dataclass
class Crowd:
    url: str
    sockets: int
    pace_s: float = 1.0
    """Each posts this often."""
    acked: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    closed: Counter[Any] = field(default_factory=Counter)
    told: int = 0
    came_back: list[float] = field(default_factory=list)
    away_s: list[float] = field(default_factory=list)
    is_over: bool = False

    async def run(self, gathered: asyncio.Event, enough: asyncio.Event) -> None:
        """Gathers, then goes on until it is enough; whoever is away then comes back first."""
        gate = asyncio.Semaphore(CONNECTING_MOST)
        guests = [Guest(self) for _ in range(self.sockets)]
        await asyncio.gather(*(guest.arrive(gate) for guest in guests))
        gathered.set()
        staying = [asyncio.create_task(guest.stay()) for guest in guests]
        await enough.wait()
        self.is_over = True
        await asyncio.gather(*staying)

    def most_in_a_second(self) -> int:
        return max(Counter(int(moment) for moment in self.came_back).values(), default=0)

    def figures(self) -> dict[str, Any]:
        away = sorted(self.away_s)
        moved_in = max(self.came_back) - min(self.came_back) if self.came_back else 0.0
        return {
            "sockets": self.sockets,
            "told": self.told,
            "came_back": len(self.came_back),
            "moved_within_s": round(moved_in, 1),
            "came_back_most_in_1_s": self.most_in_a_second(),
            "away_s_p50_p99": [round(away[int(len(away) * share)], 2) for share in (0.5, 0.99)] if away else [],
            "acked": len(self.acked),
            "acked_twice": sum(times > 1 for times in self.acked.values()),
            "refused": dict(self.refused),
            "closed": dict(self.closed),
        }


class Guest(WSListener):
    """One customer. `stay` posts; the callbacks come from the socket."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self.token: str | None = None
        self.retry_after_s: float | None = None
        self.transport: WSTransport | None = None
        self.answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.number = 0
        self.lost = asyncio.Event()

    async def arrive(self, gate: asyncio.Semaphore) -> None:
        async with gate:
            await self.connect()

    async def connect(self) -> None:
        self.retry_after_s = None
        self.lost.clear()
        await ws_connect(lambda: self, f"{self.crowd.url}/ws/customer/")
        known = {"token": self.token} if self.token else {}
        answer = await self.ask("session.open", site_key=DEMO_SITE_KEY, **known)
        self.token = answer["data"]["token"]

    async def stay(self) -> None:
        client_id = ""
        await asyncio.sleep(random.uniform(0, self.crowd.pace_s))
        while not self.crowd.is_over or self.lost.is_set():
            client_id = client_id or uuid4().hex
            try:
                if self.lost.is_set():
                    await self.come_back()
                answer = await self.ask("message.post", client_id=client_id, text="Where is my order?")
            except (OSError, TimeoutError, ConnectionError):
                await asyncio.sleep(LOST_WAIT_S)
                continue
            if answer["ok"]:
                self.crowd.acked[client_id] += 1
                client_id = ""
            else:
                self.crowd.refused[answer["error"]["code"]] += 1
            await self.wait()
        if self.transport is not None:
            self.transport.disconnect()

    async def wait(self) -> None:
        """Until the next post, or until the socket is lost."""
        try:
            async with asyncio.timeout(self.crowd.pace_s):
                await self.lost.wait()
        except TimeoutError:
            return

    async def come_back(self) -> None:
        left = time.monotonic()
        await asyncio.sleep(LOST_WAIT_S if self.retry_after_s is None else self.retry_after_s)
        await self.connect()
        self.crowd.came_back.append(time.monotonic())
        self.crowd.away_s.append(time.monotonic() - left)

    async def ask(self, command: str, **data: Any) -> dict[str, Any]:
        """Raises ConnectionError when the socket is lost before the answer."""
        if self.transport is None:
            raise ConnectionError
        self.number += 1
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.answers[self.number] = answer
        frame = json.dumps({"id": self.number, "type": command, "data": data})
        self.transport.send(WSMsgType.TEXT, frame.encode())
        async with asyncio.timeout(15):
            return await answer

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.CLOSE:
            self.crowd.closed[frame.get_close_code()] += 1
            transport.send_close(WSCloseCode.OK)
            transport.disconnect()
            return
        if frame.msg_type != WSMsgType.TEXT:
            return
        said = json.loads(frame.get_payload_as_utf8_text())
        if "id" in said:
            answer = self.answers.pop(said["id"], None)
            if answer is not None and not answer.done():
                answer.set_result(said)
        elif said["type"] == "going_away":
            self.crowd.told += 1
            self.retry_after_s = said["data"]["retry_after_ms"] / 1000
        elif said["type"] == "ping":
            self.number += 1
            transport.send(WSMsgType.TEXT, json.dumps({"id": self.number, "type": "ping", "data": {}}).encode())

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.transport = None
        self.lost.set()
        for answer in self.answers.values():
            if not answer.done():
                answer.set_exception(ConnectionError())
        self.answers.clear()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="ws://host:port")
    parser.add_argument("--sockets", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pace", type=float, default=30)
    given = parser.parse_args()
    crowd = Crowd(given.url, given.sockets, given.pace)

    async def gather_and_tell() -> None:
        gathered, enough = asyncio.Event(), asyncio.Event()
        running = asyncio.create_task(crowd.run(gathered, enough))
        await asyncio.wait([running, asyncio.create_task(gathered.wait())], return_when=asyncio.FIRST_COMPLETED)
        print("gathered", flush=True)  # noqa: T201  # a command's progress
        asyncio.get_running_loop().call_later(given.seconds, enough.set)
        await running

    asyncio.run(gather_and_tell())
    print(json.dumps(crowd.figures()))  # noqa: T201


if __name__ == "__main__":
    main()
