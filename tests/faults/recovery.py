"""How long people wait after a fault: from its end until everything that was waiting then is acknowledged. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.faults.records import Log
from tests.faults.schedule import Struck

AFTERMATH_S = 1.0


@dataclass(frozen=True)
class Recovery:
    """Seconds. `silence`: the longest time without any `ok` to anybody that touches the fault; `first`: from its end
    to the next `ok`; `whole`: the longest that any message waited after its end that was under way then or sent within
    AFTERMATH_S."""

    struck: Struck
    silence: float
    first: float
    whole: float


def recoveries(struck: Sequence[Struck], logs: Sequence[Log]) -> list[Recovery]:
    first_ok: dict[str, float] = {}
    for log in logs:
        for ack in log.acked:
            first_ok[ack.client_id] = min(ack.at, first_ok.get(ack.client_id, ack.at))
    sent = {post.client_id: post.at for log in logs for post in log.posted}
    oks = sorted(first_ok.values())
    return [_recovery(one, sent, first_ok, oks) for one in sorted(struck, key=lambda one: one.began)]


def _recovery(struck: Struck, sent: dict[str, float], first_ok: dict[str, float], oks: list[float]) -> Recovery:
    end = struck.ended
    touched = (id_ for id_, at in sent.items() if at <= end + AFTERMATH_S and first_ok.get(id_, 0.0) > end)
    waits = [first_ok[id_] - max(end, sent[id_]) for id_ in touched]
    first = bisect_left(oks, end)
    until = oks[first] if first < len(oks) else end
    touching = [ok for ok in oks if struck.began <= ok <= until]
    before = bisect_left(oks, struck.began) - 1
    if before >= 0:
        touching.insert(0, oks[before])
    silence = max((later - earlier for earlier, later in pairwise(touching)), default=0.0)
    return Recovery(struck, silence, max(0.0, until - end), max(waits, default=0.0))
