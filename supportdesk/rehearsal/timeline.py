"""A client's memory of one conversation: messages applied as the widget applies them, so that a repeat is harmless."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from supportdesk.rehearsal.ledger import Seen


class Applied(Enum):
    NEW = "new"
    REPEATED = "repeated"
    GAP = "gap"


@dataclass
class Timeline:
    """Entries 1..last without a gap. A message that contradicts a held one is kept too: the judge must see it."""

    conversation_id: str
    entries: list[Seen] = field(default_factory=list)
    gaps: int = 0

    @property
    def last_seq(self) -> int:
        return self.entries[-1].seq if self.entries else 0

    def apply(self, message: dict[str, Any]) -> Applied:
        entry = Seen(message["seq"], message["author"]["kind"], message["client_id"], message["text"])
        if entry.seq > self.last_seq + 1:
            self.gaps += bool(self.entries)  # before the first join everything is ahead
            return Applied.GAP
        if entry.seq <= self.last_seq and entry in self.entries:
            return Applied.REPEATED
        self.entries.append(entry)
        return Applied.NEW

    def last_seq_by(self, author: str) -> int:
        return max((entry.seq for entry in self.entries if entry.author == author), default=0)
