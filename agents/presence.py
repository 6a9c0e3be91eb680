"""Who is online: in Redis, true for seconds. Web processes report the sockets they hear; silence means absence.

Nothing depends on a clean disconnect, and a flushed Redis declares nobody lost: absence is counted anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from supportdesk.clock import now
from supportdesk.redis import redis

AGENTS = "presence:agents"
"""Sorted set of "{agent_id}:{socket_id}", scored by the moment (epoch seconds) it stops counting."""
CUSTOMERS = "presence:customers"
"""Sorted set of customer ids, scored alike. They are many, so their sockets are not told apart."""
SHOWN = "presence:shown"
"""Set of the agents whom the desk was told to be online, so that each change is told once."""
ABSENCE_WATCHED_S = 5
"""An absence that nobody looked at for this long starts anew: the desk was down, not the agent."""
WATCHED_SINCE = "presence:watched"
REPORT_EVERY_S = max(1, settings.PRESENCE_TTL_S // 3)
"""How often a web process reports the sockets it holds."""


def report(agents: Iterable[tuple[int | str, str]], customers: Iterable[tuple[object, str]]) -> None:
    """A web process's living sockets, as (agent, socket) and (customer, socket)."""
    heard_many(agents)
    customers_heard(customer for customer, _ in customers)


# --- Agents ---------------------------------------------------------------------------------------------------------


def heard(agent_id: int, socket_id: str, *, for_s: int | None = None) -> None:
    heard_many([(agent_id, socket_id)], for_s=for_s)


def heard_many(sockets: Iterable[tuple[int | str, str]], *, for_s: int | None = None) -> None:
    """These (agent, socket) pairs are alive now, and count for `for_s` seconds, else for PRESENCE_TTL_S."""
    alive = list(sockets)
    if not alive:
        return
    moment = now().timestamp()
    with redis().pipeline(transaction=False) as pipe:
        pipe.zadd(AGENTS, {f"{agent}:{socket}": moment + (for_s or settings.PRESENCE_TTL_S) for agent, socket in alive})
        pipe.zremrangebyscore(AGENTS, "-inf", moment)
        for agent in {agent for agent, _ in alive}:  # one by one: in a Cluster each key may live elsewhere
            pipe.delete(_absent(agent))
        pipe.execute()


def gone(agent_id: int, socket_id: str) -> None:
    """A socket was closed cleanly: saves waiting for its silence."""
    redis().zrem(AGENTS, f"{agent_id}:{socket_id}")


def online_ids(moment: datetime | None = None) -> set[int]:
    """Every agent with a living socket."""
    since = (moment or now()).timestamp()
    return {int(str(member).split(":", 1)[0]) for member in redis().zrangebyscore(AGENTS, f"({since}", "+inf")}


def is_online(agent_id: int) -> bool:
    return agent_id in online_ids()


def lost_ids(agent_ids: Iterable[int]) -> set[int]:
    """Those of `agent_ids` who have been absent for longer than AGENT_GRACE_S, as watched by earlier calls."""
    absent = sorted(set(agent_ids) - online_ids())
    if not absent:
        return set()
    moment = now().timestamp()
    with redis().pipeline(transaction=False) as pipe:
        for agent_id in absent:
            pipe.set(_absent(agent_id), moment, nx=True)
            pipe.get(_absent(agent_id))
            pipe.expire(_absent(agent_id), ABSENCE_WATCHED_S)
        since = pipe.execute()[1::3]
    grace_s = settings.AGENT_GRACE_S
    return {agent for agent, first in zip(absent, since, strict=True) if moment - float(first or moment) > grace_s}


def is_settled() -> bool:
    """Whether an empty presence can be believed: it has been watched for as long as every process needs to report.

    Only the sweeper asks, every second; a Redis that was flushed or away, and a sweeper that was, start it anew.
    """
    moment = now().timestamp()
    with redis().pipeline(transaction=False) as pipe:
        pipe.set(WATCHED_SINCE, moment, nx=True)
        pipe.get(WATCHED_SINCE)
        pipe.expire(WATCHED_SINCE, ABSENCE_WATCHED_S)
        since = pipe.execute()[1]
    return moment - float(since or moment) > REPORT_EVERY_S


def _absent(agent_id: int | str) -> str:
    return f"presence:absent:{agent_id}"


def show(agent_id: int) -> bool:
    """True for the first to tell the desk that this agent is online."""
    return redis().sadd(SHOWN, str(agent_id)) == 1


def unshow(agent_id: int) -> bool:
    """True for the first to tell the desk that this agent is offline."""
    return redis().srem(SHOWN, str(agent_id)) == 1


def shown_ids() -> set[int]:
    return {int(member) for member in redis().smembers(SHOWN)}


# --- Customers ------------------------------------------------------------------------------------------------------


def customers_heard(customer_ids: Iterable[object]) -> None:
    """These customers have a living socket now. One round trip."""
    moment = now().timestamp()
    alive = {str(customer): moment + settings.PRESENCE_TTL_S for customer in customer_ids}
    if not alive:
        return
    with redis().pipeline(transaction=False) as pipe:
        pipe.zadd(CUSTOMERS, alive)
        pipe.zremrangebyscore(CUSTOMERS, "-inf", moment)
        pipe.execute()


def customer_heard(customer_id: object, socket_id: str) -> None:
    customers_heard([customer_id])


def customer_gone(customer_id: object, socket_id: str) -> None:
    """A customer's socket was closed: without another one that is reported soon, he is offline."""
    leaves_at = now().timestamp() + REPORT_EVERY_S + 1
    redis().zadd(CUSTOMERS, {str(customer_id): leaves_at}, xx=True, lt=True)


def online_customers(customer_ids: Iterable[object]) -> set[str]:
    """Those of `customer_ids`, as text, who have a living socket."""
    asked = [str(customer) for customer in customer_ids]
    if not asked:
        return set()
    moment = now().timestamp()
    scores = redis().zmscore(CUSTOMERS, asked)
    return {customer for customer, until in zip(asked, scores, strict=True) if until is not None and until > moment}


def is_customer_online(customer_id: object) -> bool:
    return bool(online_customers([customer_id]))
