"""How long a place in the queue takes, as an interval. Pure."""

from __future__ import annotations

from math import expm1, sqrt

HANDLING_S = 240.0
"""Mean seconds an agent spends on a conversation, until the desk has measured its own."""
PRIOR_CONVERSATIONS = 20
"""How many measured conversations weigh as much as HANDLING_S."""
PATIENT_S = 3_600.0
"""Seconds of waiting in which nobody left, put to those measured: few are trusted little."""
Z_80 = 1.2816
"""Four in five lie between these quantiles of a normal distribution: a tenth is below, a tenth above."""
HIGH_LEAST_S, CEILING_S = 30, 14_400
SHAPE_LEAST = 0.5
"""Below it the formula bends; a place of less than one is not told."""


Wait = tuple[int, int]
"""Seconds (low, high) between which four in five are taken by a person. None instead of one: nobody who suits is there,
and any number would be a guess."""


def wait_range(position: int, capacity: int, handling_s: float = HANDLING_S) -> Wait | None:
    """For the one at `position` (1 is next) where all agents suit and nobody leaves: he waits for so many endings of
    the `capacity` in hand, which come at random every `handling_s / capacity` seconds."""
    if capacity <= 0:
        return None
    return wait_interval(position * handling_s / capacity, capacity / handling_s)


def wait_interval(mean_s: float, endings_per_s: float, leaving_per_s: float = 0.0) -> Wait:
    """For who waits `mean_s` on average, for endings that come at random at that rate.

    The wait is a sum of exponential steps: n of mean 1/rate without anybody leaving; where others leave, each place
    k behind the first goes `k * leaving_per_s` faster. Its variance is (1 - exp(-leaving * mean)) / (leaving * rate),
    mean / rate without leaving. Quantiles as of the gamma distribution of that mean and variance, by Wilson and
    Hilferty's formula (1931).
    """
    left = leaving_per_s * mean_s
    variance = mean_s / endings_per_s * (-expm1(-left) / left if left > 0 else 1.0)
    shape = max(mean_s**2 / variance, SHAPE_LEAST)
    low, high = (mean_s * max(0.0, 1 - 1 / (9 * shape) + z / (3 * sqrt(shape))) ** 3 for z in (-Z_80, Z_80))
    return min(CEILING_S // 8, int(low)), min(CEILING_S, max(HIGH_LEAST_S, round(high)))


def handling_mean(seconds: float, conversations: int) -> float:
    """The mean to reckon with, from `conversations` that took `seconds` together: few are trusted little."""
    return (seconds + HANDLING_S * PRIOR_CONVERSATIONS) / (conversations + PRIOR_CONVERSATIONS)


def leaving_rate(left: int, waited_s: float) -> float:
    """How often one who waits leaves, a second: `left` did in `waited_s` seconds of all waits together."""
    return left / (waited_s + PATIENT_S)
