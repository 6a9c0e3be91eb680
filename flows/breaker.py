"""After FAILURES in a row a merchant's system is left alone for REST_S; then one call tries whether it is back.

Kept in Redis for all workers; while Redis is away every call is tried.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from supportdesk.redis import RedisError, redis

log = logging.getLogger(__name__)

FAILURES = 5
WITHIN_S = 300
REST_S = 30


def is_open(action_id: int) -> bool:
    """Whether to leave it alone. After the rest, only one caller at a time is told no."""
    try:
        if int(redis().get(_failures(action_id)) or 0) < FAILURES:
            return False
        return not redis().set(_resting(action_id), 1, nx=True, ex=REST_S)
    except RedisError as error:
        log.warning("the breaker of an action is unknown (%s)", type(error).__name__)
        return False


def failed(action_id: int) -> None:
    try:
        with redis().pipeline(transaction=True) as pipe:
            pipe.incr(_failures(action_id))
            pipe.expire(_failures(action_id), WITHIN_S)
            count = int(pipe.execute()[0])
        if count >= FAILURES:
            redis().set(_resting(action_id), 1, ex=REST_S)
    except RedisError as error:
        log.warning("a failure of an action is not counted (%s)", type(error).__name__)


def worked(action_id: int) -> None:
    try:
        redis().delete(_failures(action_id), _resting(action_id))
    except RedisError as error:
        log.warning("a success of an action is not counted (%s)", type(error).__name__)


def _failures(action_id: int) -> str:
    return f"breaker:{{{action_id}}}:failures"


def _resting(action_id: int) -> str:
    return f"breaker:{{{action_id}}}:resting"


def failures_of(action_ids: Sequence[int]) -> list[int] | None:
    """How often in a row each has failed of late, in the order given; None while Redis is away."""
    try:
        return [int(count or 0) for count in redis().mget([_failures(pk) for pk in action_ids])] if action_ids else []
    except RedisError as error:
        log.warning("the breakers of actions are unknown (%s)", type(error).__name__)
        return None
