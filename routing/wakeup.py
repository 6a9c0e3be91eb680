"""The wake-up of the routing worker: one on its way is enough for all who want one.

A mark in Redis says that one is on its way. Who drains deletes the mark first and looks afterwards, so what is
committed before a wake-up is wanted is always seen. One that is lost is wanted anew when its mark has run out.
"""

from __future__ import annotations

import base64
import json
from functools import cache
from uuid import uuid4

TASK = "routing.tasks.route"
QUEUE = "routing"
MARK = f"{{{QUEUE}}}:wanted"
"""In the same slot of a cluster as the queue."""
MARK_S = 2

# Written by hand: Celery's own send takes half a millisecond of its caller, this ten microseconds.
SCRIPT = """
if redis.call('SET', KEYS[1], 1, 'NX', 'EX', ARGV[1]) then return redis.call('LPUSH', KEYS[2], ARGV[2]) end
return 0
"""


def command() -> tuple[str | int, ...]:
    """One Redis command: sets the mark and pushes the task, or does nothing where the mark is set."""
    return ("EVAL", SCRIPT, 2, MARK, QUEUE, MARK_S, message())


def message() -> str:
    """A Celery message (protocol 2) as kombu's Redis transport keeps it in the list that is the queue."""
    before, after = _around_id()
    id_ = str(uuid4())
    return id_.join((before, *after))


@cache
def _around_id() -> tuple[str, tuple[str, ...]]:
    """The message's pieces, between which its id goes."""
    body = base64.b64encode(json.dumps([[], {}, {"callbacks": None, "errbacks": None, "chain": None}]).encode())
    headers = {
        "lang": "py", "task": TASK, "id": "{id}", "root_id": "{id}", "parent_id": None, "group": None, "retries": 0,
        "eta": None, "expires": None, "timelimit": [None, None], "argsrepr": "()", "kwargsrepr": "{}",
        "origin": "supportdesk", "ignore_result": True,
    }  # fmt: skip
    properties = {
        "correlation_id": "{id}", "reply_to": "", "delivery_mode": 2, "priority": 0, "body_encoding": "base64",
        "delivery_info": {"exchange": "", "routing_key": QUEUE}, "delivery_tag": "{id}",
    }  # fmt: skip
    whole = {
        "body": body.decode(), "content-encoding": "utf-8", "content-type": "application/json",
        "headers": headers, "properties": properties,
    }  # fmt: skip
    first, *rest = json.dumps(whole).split("{id}")
    return first, tuple(rest)
