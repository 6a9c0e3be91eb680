"""Customers who ask the bot: when each question was sent, acknowledged and answered on the customer's own socket."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from time import perf_counter
from typing import Any
from zlib import crc32

from bench.load.drive import LOOK_S, SETTLE_S, percentiles
from bench.load.questions import question
from bench.load.seat import Seat
from bench.load.traffic import KEY_LENGTH, NOT_OK, POSTED, frame_of, key_in

HANDED_OVER = b"handoff_requested"
ANSWERS = (b'"kind":"bot"', HANDED_OVER)


class Asking:
    """`customers` take turns; one whose last question is still open is passed over, and counted as late; one who was
    handed over asks no more. `run` begins the client_ids, and other runs ask other questions."""

    def __init__(self, customers: Sequence[Seat], run: str) -> None:
        self.customers, self._run = customers, run.encode()
        self._first_turn = crc32(self._run)
        self._asked_at: dict[Seat, float] = {}
        self._by_key: dict[bytes, float] = {}
        self.acks: list[float] = []
        self.answers: list[float] = []
        self._with_people: set[Seat] = set()
        self.sent = self.late = self.refused = 0
        for seat in customers:
            seat.listener = self

    async def ask(self, rate: float, seconds: float) -> dict[str, Any]:
        since, turn = perf_counter(), 0
        while (passed := perf_counter() - since) < seconds:
            while turn < passed * rate:
                self._ask(turn)
                turn += 1
            await asyncio.sleep(max(0.0, turn / rate - passed))
        end = perf_counter() + SETTLE_S
        while self._asked_at and perf_counter() < end:  # noqa: ASYNC110  # an event would cost each message
            await asyncio.sleep(LOOK_S)
        return {
            "sent": self.sent,
            "late": self.late,
            "refused": self.refused,
            "unanswered": len(self._asked_at),
            "acked": len(self.acks),
            "seconds": seconds,
            "ack_ms": percentiles(sorted(self.acks)),
            "answer_ms": percentiles(sorted(self.answers)),
        }

    def _ask(self, turn: int) -> None:
        seat = self.customers[turn % len(self.customers)]
        if seat in self._with_people:
            return
        if seat in self._asked_at:
            self.late += 1
            return
        key = self._run + b"%0*d" % (KEY_LENGTH - len(self._run), turn)
        self.sent += 1
        self._asked_at[seat] = self._by_key[key] = perf_counter()
        seat.say(frame_of(key, question(self._first_turn + turn)))

    def replied(self, text: bytes) -> None:
        sent_at = self._by_key.pop(key_in(text), None)
        if sent_at is not None:
            self.acks.append((perf_counter() - sent_at) * 1000)
        else:
            self.refused += any(sign in text for sign in NOT_OK)

    def pushed(self, seat: Seat, text: bytes) -> None:
        if text.startswith(POSTED) and any(sign in text for sign in ANSWERS):
            if HANDED_OVER in text:
                self._with_people.add(seat)
            asked_at = self._asked_at.pop(seat, None)
            if asked_at is not None:
                self.answers.append((perf_counter() - asked_at) * 1000)

    def hung_up(self, code: str) -> None:
        self.refused += 1
