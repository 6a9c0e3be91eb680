"""Facts and who hears of them. An action emits a frozen dataclass; it is told after the commit.

The table fact -> consequences is `supportdesk.wiring.CONSEQUENCES`, handed in once at start-up. A consequence that
must not be lost never hangs on this alone: a column or row says that it is due, and the sweeper finds it again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

log = logging.getLogger(__name__)

Consequence = Callable[[Any], None]

_table: Mapping[type, Sequence[Consequence]] = {}


def connect(table: Mapping[type, Sequence[Consequence]]) -> None:
    """Installs the table of consequences; called once, by supportdesk.apps."""
    global _table
    _table = table


def emit(fact: object) -> None:
    """Tells `fact` after the transaction around it has committed, or at once where there is none."""
    transaction.on_commit(lambda: tell([fact]))


def tell(facts: Iterable[object]) -> None:
    """Runs the consequences now. One that fails is logged and does not stop the next."""
    for fact in facts:
        for consequence in _table.get(type(fact), ()):
            try:
                consequence(fact)
            except Exception:
                log.exception("consequence %s of %s failed", consequence.__name__, type(fact).__name__)
