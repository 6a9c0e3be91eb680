"""How long a place in the queue takes, as an interval. Pure."""

from __future__ import annotations

HANDLING_S = 240.0
"""Mean seconds an agent spends on a conversation, until the desk has measured its own."""
LOW, HIGH = 0.5, 1.8
"""The interval around the mean: waits spread widely, and a promise kept early hurts nobody."""
FLOOR_S, CEILING_S = 15, 14_400


def wait_range(position: int, capacity: int, handling_s: float = HANDLING_S) -> tuple[int, int]:
    """Seconds (low, high) until the one at `position` (1 is next) is offered to a person.

    With `capacity` conversations served at once, one ends every `handling_s / capacity` seconds on average.
    Without anybody there it is the ceiling: say that, rather than a guess.
    """
    if capacity <= 0:
        return CEILING_S // 8, CEILING_S
    mean = position * handling_s / capacity
    return max(FLOOR_S, int(mean * LOW)), min(CEILING_S, max(2 * FLOOR_S, int(mean * HIGH)))
