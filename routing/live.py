"""The model that reads in this process: the promoted one, loaded beside the traffic and then swapped in whole.

A batch asks once (`reader`) and reads with what it got, so no decision ever sees two versions.
"""

from __future__ import annotations

import logging
import time
from threading import Lock, Thread
from typing import TYPE_CHECKING

from django.db import connection

from knowledge import vectors
from routing import limits, versions
from routing.models import ModelVersion
from routing.signals import reading
from routing.signals.intent import SHIPPED, Reader
from supportdesk.encoder.choice import chosen

if TYPE_CHECKING:
    from routing.reader import Trained

log = logging.getLogger(__name__)

WARMING = ("How long does delivery take?", "Я хочу поговорить с человеком")
"""One text a gate: of ASCII, and of other signs."""
AGAIN_S = 30.0
"""After a version that could not be loaded."""


class _Held:
    """What this process reads with, and what it is about to."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.number: int | None = None
        self.reader: Reader = SHIPPED
        self.loading: int | None = None
        self.not_before = 0.0


_held = _Held()


def reader() -> Reader:
    """For one batch. Where another version has been promoted, a thread begins to load it."""
    wanted = versions.live_number()
    with _held.lock:
        if wanted is None:
            _held.number, _held.reader = None, SHIPPED
        elif wanted not in (_held.number, _held.loading) and time.monotonic() >= _held.not_before:
            _held.loading = wanted
            Thread(target=_load_beside, args=(wanted,), name=f"model-{wanted}", daemon=True).start()
        return _held.reader


def warm_up() -> None:
    """Before the first message: the promoted version is loaded here and now, the encoder and all rules with it."""
    wanted = versions.live_number()
    if wanted is not None:
        _load(wanted)
    for text in WARMING:
        reading.read(text, reading.Context(earlier=WARMING), reader())
    vectors.read(WARMING, vectors.encoder())


def forget() -> None:
    """Back to the beginning, as a new process."""
    with _held.lock:
        _held.number, _held.reader, _held.loading, _held.not_before = None, SHIPPED, None, 0.0


def _load_beside(number: int) -> None:
    try:
        _load(number)
    finally:
        connection.close()


def opened(number: int) -> Trained:
    """A version ready to read, whether or not it is promoted.

    Raises:
        ModelVersion.DoesNotExist: there is none of this number.
        Damaged: its bytes are not the ones that were stored.
    """
    from routing.learning import stored, wishes  # numpy: the web processes never need it
    from routing.reader import Trained

    row = ModelVersion.objects.get(pk=number)
    model = stored.opened(bytes(row.content), row.sha256)
    encoder = chosen() if model.encoder else None
    if model.encoder and (encoder is None or encoder.name != model.encoder):
        log.warning("%s was trained with %s, which is not there: it reads by words alone", row, model.encoder)
        encoder = None
    requests = wishes.opened(bytes(row.requests)) if row.requests is not None else None
    trained = Trained(row.name, model, encoder, limits.held_of(row.held_out), requests)
    trained.find(["hello"])  # loads the encoder, too
    trained.requests.find("hello")
    return trained


def _load(number: int) -> None:
    try:
        trained = opened(number)
    except Exception:
        log.exception("model %s cannot be loaded: the one before goes on", number)
        with _held.lock:
            _held.loading, _held.not_before = None, time.monotonic() + AGAIN_S
        return
    with _held.lock:
        _held.number, _held.reader, _held.loading = number, trained, None
    log.info("%s reads from now on", trained.version)
