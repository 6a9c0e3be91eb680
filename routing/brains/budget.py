"""What a model may cost an inbox in a day: reserved before the call, settled after, counted for all workers."""

from __future__ import annotations

from supportdesk.clock import now
from supportdesk.redis import RedisError, redis

KEPT_S = 2 * 86_400


class Spent(Exception):
    """The day's budget does not hold another answer, or cannot be looked up."""


def reserve(inbox_id: int, most: int, of: int) -> None:
    """Takes `most` tokens from the day's `of`.

    Raises:
        Spent.
    """
    try:
        if int(redis().incrby(_key(inbox_id), most)) > of:
            redis().decrby(_key(inbox_id), most)
            raise Spent("the day's budget for the model is used up")
        redis().expire(_key(inbox_id), KEPT_S)
    except RedisError:
        raise Spent("the day's budget for the model cannot be looked up") from None


def settle(inbox_id: int, reserved: int, used: int) -> None:
    """Gives back what was not used. Where Redis is away the reservation stays: never less is counted than was spent."""
    try:
        redis().incrby(_key(inbox_id), used - reserved)
    except RedisError:
        return


def _key(inbox_id: int) -> str:
    return f"brain:spent:{inbox_id}:{now():%Y%m%d}"
