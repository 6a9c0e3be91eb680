"""Doing one thing for many at once, and for each alone where that fails, so that a poisoned one fails alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import InterfaceError, OperationalError

log = logging.getLogger(__name__)

AWAY = (OperationalError, InterfaceError)
"""PostgreSQL is not there: no item is at fault, and none is done."""
T = TypeVar("T")
R = TypeVar("R")


def together(
    do: Callable[[Sequence[T]], Sequence[R]], items: Sequence[T], failed: Callable[[T, Exception], R]
) -> list[R]:
    """What `do` returns for each item, or `failed` for one that cannot be done even alone.

    Raises:
        OperationalError, InterfaceError: PostgreSQL is away.
    """
    if not items:
        return []
    try:
        return list(do(items))
    except AWAY:
        raise
    except Exception as error:
        if len(items) > 1:
            return [done for item in items for done in together(do, [item], failed)]
        log.exception("%s failed", do.__name__)
        return [failed(items[0], error)]
