"""The one place that reads the wall clock, so that tests can freeze it and pure code never asks."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return datetime.now(UTC)
