"""Writes down what one client sends, is answered and is shown, as it happens: the log that the checker reads."""

from __future__ import annotations

import itertools
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field

from supportdesk.rehearsal.wire import Data, Link, Refused
from tests.faults.records import Acked, Log, Posted, Snapshot, View

REPLY_WITHIN_S = 4.0
"""A careful client does not wait longer for an answer: it hangs up, connects again and sends the same again."""
BEAT_S = 3.0


@dataclass
class Recorder:
    """`began`: the run's zero on the monotonic clock."""

    who: str
    author: str
    began: float
    posted: dict[str, Posted] = field(default_factory=dict)
    acked: list[Acked] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    tries: int = 0
    internal: int = 0
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def now(self) -> float:
        return time.monotonic() - self.began

    def mark(self, text: str) -> str:
        """The text as nobody else has said it, nor will."""
        return f"{text} ({self.who}, {self.began:.0f}, {next(self._numbers)})"

    def sends(self, client_id: str, text: str) -> None:
        """Before each try; a message counts from the first one."""
        self.tries += 1
        self.posted.setdefault(client_id, Posted(client_id, text, self.now()))

    def is_acked(self, answer: Data) -> None:
        self.acked.append(Acked(answer["client_id"], answer["conversation_id"], answer["seq"], self.now()))

    def shown(self, conversation: Data, floor: int = 0) -> None:
        id_, version, agent = conversation["id"], conversation["version"], conversation["agent"]
        self.snapshots.append(Snapshot(id_, version, conversation["state"], agent and agent["id"], floor))
        self.versions[id_] = max(version, self.versions.get(id_, 0))

    def log(self, views: tuple[View, ...]) -> Log:
        return Log(
            who=self.who,
            author=self.author,
            posted=tuple(self.posted.values()),
            acked=tuple(self.acked),
            views=views,
            snapshots=tuple(self.snapshots),
            troubles=tuple(self.troubles),
            tries=self.tries,
            internal=self.internal,
        )


class RecordedLink(Link):
    """A kept socket whose every post, answer and snapshot is written down."""

    def __init__(
        self,
        recorder: Recorder,
        url: str,
        *,
        origin: str,
        headers: Mapping[str, str] | None = None,
        greet: Callable[[], Awaitable[None]],
        hear: Callable[[str, Data], None],
        patience_s: float = 60.0,
    ) -> None:
        super().__init__(url, origin=origin, headers=headers, greet=greet, hear=hear, patience_s=patience_s)
        self.recorder = recorder
        self.reply_within_s = REPLY_WITHIN_S
        self.hear = self._hear_and_record(hear)

    async def ask(self, command: str, data: Data) -> Data:
        recorder, known = self.recorder, dict(self.recorder.versions)
        if command == "message.post":
            recorder.sends(data["client_id"], data["text"])
        try:
            answer = await super().ask(command, data)
        except Refused as refusal:
            recorder.internal += refusal.code == "internal"
            raise
        if command == "message.post":
            recorder.is_acked(answer)
        if answer.get("conversation"):
            recorder.shown(answer["conversation"], known.get(answer["conversation"]["id"], 0))
        return answer

    def _hear_and_record(self, hear: Callable[[str, Data], None]) -> Callable[[str, Data], None]:
        def heard(kind: str, data: Data) -> None:
            if kind == "conversation.changed":
                self.recorder.shown(data["conversation"])
            hear(kind, data)

        return heard
