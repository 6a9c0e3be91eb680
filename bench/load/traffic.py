"""What flows while the load runs: when each message was sent, acknowledged and delivered to the agent, found by its
client_id, whose digits name the run, the pair and the message. A pair is a customer's seat and an agent's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.load.seat import Seat

CLIENT_ID = b'"client_id":'
POSTED = (b'{"type":"message.posted"', b'{"type": "message.posted"')
NOT_OK = (b'"ok":false', b'"ok": false')
RUN_DIGITS, PAIR_DIGITS, NUMBER_DIGITS = 4, 6, 10
KEY_LENGTH = RUN_DIGITS + PAIR_DIGITS + NUMBER_DIGITS
FRAME_BYTES = 256
KEPT_PROBLEMS = 5

Finished = Callable[[int], None]


def frame_of(key: bytes, words: bytes = b"") -> bytes:
    """A post of `words`, or of FRAME_BYTES bytes."""
    head = b'{"id":1,"type":"message.post","data":{"client_id":"' + key + b'","text":"'
    return (head + words if words else head.ljust(FRAME_BYTES - 3, b"x")) + b'"}}'


def key_in(text: bytes) -> bytes:
    """The client_id in a frame; empty where there is none of ours."""
    at = text.find(CLIENT_ID)
    if at < 0:
        return b""
    begins = text.index(b'"', at + len(CLIENT_ID)) + 1
    return text[begins : begins + KEY_LENGTH]


class Traffic:
    """`finished(pair)` is called when a pair's message is both acknowledged and delivered."""

    def __init__(self) -> None:
        self.runs = 0
        self.hang_ups: dict[str, int] = {}
        self.begin([], set())

    def begin(self, customers: Sequence[Seat], agents: set[Seat], finished: Finished | None = None) -> None:
        """A new run of messages from `customers`, heard by `agents`; what was under way is forgotten."""
        self.runs += 1
        self.customers, self.agents, self.finished = customers, agents, finished or _nothing
        self.unacked: dict[bytes, float] = {}
        self.undelivered: dict[bytes, float] = {}
        self.sent = self.refused = self.doubled = 0
        self.ack_times: list[tuple[float, float]] = []
        self.delivery_times: list[tuple[float, float]] = []
        self.problems: list[str] = []
        self._run = b"%0*d" % (RUN_DIGITS, self.runs)

    def send(self, pair: int) -> None:
        self.sent += 1
        key = self._run + b"%0*d%0*d" % (PAIR_DIGITS, pair, NUMBER_DIGITS, self.sent)
        self.unacked[key] = self.undelivered[key] = perf_counter()
        self.customers[pair].say(frame_of(key))

    def replied(self, text: bytes) -> None:
        key = key_in(text)
        sent_at = self.unacked.pop(key, None)
        if sent_at is None:
            if any(sign in text for sign in NOT_OK):
                self._note(text)
            return
        now = perf_counter()
        self.ack_times.append((now, now - sent_at))
        if key not in self.undelivered:
            self.finished(pair_of(key))

    def pushed(self, seat: Seat, text: bytes) -> None:
        if seat not in self.agents or not text.startswith(POSTED):
            return
        key = key_in(text)
        sent_at = self.undelivered.pop(key, None)
        if sent_at is None:
            self.doubled += key.startswith(self._run)
            return
        now = perf_counter()
        self.delivery_times.append((now, now - sent_at))
        if key not in self.unacked:
            self.finished(pair_of(key))

    def hung_up(self, code: str) -> None:
        self.hang_ups[code] = self.hang_ups.get(code, 0) + 1

    def _note(self, text: bytes) -> None:
        self.refused += 1
        if len(self.problems) < KEPT_PROBLEMS:
            self.problems.append(text.decode(errors="replace")[:200])


def _nothing(pair: int) -> None:
    pass


def pair_of(key: bytes) -> int:
    return int(key[RUN_DIGITS : RUN_DIGITS + PAIR_DIGITS])
