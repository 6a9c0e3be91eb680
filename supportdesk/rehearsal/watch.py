"""The promise of one owner and one deadline, checked against the database every second of the run and at its end.

Unowned: an open conversation with no deadline, with an owner that is not its state's, assigned to nobody, or offered
with no live offer. One statement reads it all, so a transition in between cannot be mistaken for a fault.

Overdue: open, and nobody acted on its deadline within ALLOWANCE_S, the time a sweep may take. /readyz is asked every
second, too: while it does not answer 200 nothing is judged, and once it does again the allowance counts from that
moment. A dead worker does not show in /readyz and gets no such grace.
"""

from __future__ import annotations

import logging
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from asgiref.sync import sync_to_async
from django.db import Error as DatabaseError
from django.db import close_old_connections
from django.db.models import Exists, OuterRef

from chat.lifecycle import OWNER, State
from chat.models import Conversation, Offer
from supportdesk.clock import now

log = logging.getLogger(__name__)

ALLOWANCE_S = 5.0
PROBE_TIMEOUT_S = 3.0


@dataclass(frozen=True)
class Held:
    """Who holds an open conversation, as the database says."""

    conversation_id: str
    state: str
    owner: str | None
    deadline: datetime | None
    has_agent: bool
    has_offer: bool


def is_unowned(held: Held) -> bool:
    return (
        held.deadline is None
        or held.owner != OWNER[State(held.state)]
        or (held.state == State.ASSIGNED and not held.has_agent)
        or (held.state == State.OFFERED and not held.has_offer)
    )


def is_overdue(held: Held, *, moment: datetime, ready_since: datetime | None, allowance: timedelta) -> bool:
    """Past the deadline by more than the allowance, not counting the time before the desk was ready again."""
    if held.deadline is None or ready_since is None:
        return False
    return moment - max(held.deadline, ready_since) > allowance


@dataclass
class Watch:
    """Remembers every conversation that was ever found unowned or overdue, with a sentence why."""

    is_ready: Callable[[], bool]
    unowned: dict[str, str] = field(default_factory=dict)
    overdue: dict[str, str] = field(default_factory=dict)
    ready_since: datetime | None = None
    outages: int = 0
    looks: int = 0

    async def look(self) -> None:
        """One look at /readyz and at every open conversation."""
        await sync_to_async(self._look)()

    def _look(self) -> None:
        if not self.is_ready():
            self.outages += self.ready_since is not None
            self.ready_since = None
            return
        self.ready_since = self.ready_since or now()
        try:
            close_old_connections()
            moment = now()
            held = list(open_conversations())
        except DatabaseError:
            self.ready_since = None  # it went away after the probe: the next look judges again
            return
        self.looks += 1
        self.judge(held, moment)

    def judge(self, held: Iterable[Held], moment: datetime) -> None:
        for one in held:
            if is_unowned(one):
                self.unowned.setdefault(one.conversation_id, f"{one.conversation_id}: {one}")
            if is_overdue(one, moment=moment, ready_since=self.ready_since, allowance=timedelta(seconds=ALLOWANCE_S)):
                assert one.deadline is not None
                late = (moment - one.deadline).total_seconds()
                self.overdue.setdefault(one.conversation_id, f"{one.conversation_id}: {one.state}, {late:.1f} s late")


def open_conversations() -> Iterable[Held]:
    live = Offer.objects.filter(conversation=OuterRef("pk"), outcome__isnull=True)
    rows = (
        Conversation.objects.open()
        .annotate(has_offer=Exists(live))
        .values_list("id", "state", "owner", "deadline", "agent_id", "has_offer")
    )
    for id_, state, owner, deadline, agent_id, has_offer in rows:
        yield Held(str(id_), state, owner, deadline, agent_id is not None, has_offer)


def probe(url: str) -> Callable[[], bool]:
    """Asks the desk's /readyz."""

    def is_ready() -> bool:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=PROBE_TIMEOUT_S) as answer:  # noqa: S310  # an http(s) address, checked by the command
                return cast("int", answer.status) == 200
        except (urllib.error.URLError, OSError):
            return False

    return is_ready
