"""How long a place in the queue takes, as an interval. Pure."""

from __future__ import annotations

from math import sqrt

HANDLING_S = 240.0
"""Mean seconds an agent spends on a conversation, until the desk has measured its own."""
PRIOR_CONVERSATIONS = 20
"""How many measured conversations weigh as much as HANDLING_S."""
Z_80 = 1.2816
"""Four in five lie between these quantiles of a normal distribution: a tenth is below, a tenth above."""
HIGH_LEAST_S, CEILING_S = 30, 14_400


def wait_range(position: int, capacity: int, handling_s: float = HANDLING_S) -> tuple[int, int]:
    """Seconds (low, high) between which four in five at `position` (1 is next) are taken by a person.

    While `capacity` conversations are in hand, they end at random every `handling_s / capacity` seconds, and the one
    at `position` waits for so many endings: a gamma distribution, whose quantiles are taken by Wilson and Hilferty's
    formula (1931). Without anybody there it is the ceiling: say that, rather than a guess.
    """
    if capacity <= 0:
        return CEILING_S // 8, CEILING_S
    mean = position * handling_s / capacity
    low, high = (mean * (1 - 1 / (9 * position) + z / (3 * sqrt(position))) ** 3 for z in (-Z_80, Z_80))
    return min(CEILING_S // 8, int(low)), min(CEILING_S, max(HIGH_LEAST_S, round(high)))


def handling_mean(seconds: float, conversations: int) -> float:
    """The mean to reckon with, from `conversations` that took `seconds` together: few are trusted little."""
    return (seconds + HANDLING_S * PRIOR_CONVERSATIONS) / (conversations + PRIOR_CONVERSATIONS)
