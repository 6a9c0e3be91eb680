"""From what may go wrong to how sure the bot must be: bars that hold on held-out examples, with confidence. Pure.

Selective classification by Learn then Test (Angelopoulos et al., 2021) with fixed-sequence testing: from the strictest
bar downwards each is tested for "more than `most_wrong` of what lies above is wrong" by the exact binomial tail
(Clopper and Pearson, 1934), until one is not refuted; the last that was is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log

GRID = tuple(step / 200 for step in range(200, -1, -1))
"""Bars tried, strictest first; fixed beforehand, as the method asks."""
NEVER = 2.0
"""A bar that no chance reaches."""
EVERY = ""
"""The limit of an inbox's every intent that has none of its own."""


@dataclass(frozen=True, slots=True)
class Held:
    """One example that the readers and the gate had not seen: how sure, what they took it for, and whether rightly."""

    chance: float
    intent: str
    right: bool


@dataclass(frozen=True, eq=False)
class HeldOut:
    """A model's own: equal to itself alone."""

    examples: Sequence[Held] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    most_wrong: float
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class Bar:
    """The bot answers from `at` on: NEVER where the examples cannot show that it may. `answered` of `examples` lie
    above it, of them `wrong`."""

    at: float
    answered: int
    wrong: int
    examples: int
    needed: int
    """So many above a bar, all of them right, are the fewest that can show it."""

    @property
    def kept(self) -> float:
        """The share of the examples that stays with the bot."""
        return self.answered / self.examples if self.examples else 0.0

    def says(self) -> str:
        """In a sentence, for whoever set the limit."""
        if self.at < NEVER:
            return (
                f"The bot answers where it is at least {self.at:.1%} sure: {self.kept:.0%} of {self.examples} held-out "
                f"examples, {self.wrong} of {self.answered} wrongly."
            )
        if self.examples < self.needed:
            return (
                f"Too little is known: {self.examples} held-out examples, and at least {self.needed} are needed. "
                "People answer until there are more."
            )
        return f"No bar holds this limit on {self.examples} held-out examples. People answer."


def bar_for(held: Sequence[Held], limit: Limit) -> Bar:
    from scipy.special import bdtr  # the web processes need it only when they are asked

    fewest = ceil(log(1 - limit.confidence) / log(1 - limit.most_wrong))
    surest = sorted(held, key=lambda each: -each.chance)
    found = Bar(NEVER, 0, 0, len(surest), fewest)
    answered = wrong = 0
    for at in GRID:
        while answered < len(surest) and surest[answered].chance >= at:
            wrong += not surest[answered].right
            answered += 1
        if answered < fewest:  # whatever they are, they cannot show it: not tested
            continue
        if bdtr(wrong, answered, limit.most_wrong) > 1 - limit.confidence:
            break
        found = Bar(at, answered, wrong, len(surest), fewest)
    return found


def bars_for(held: HeldOut, limits: Mapping[str, Limit]) -> dict[str, Bar]:
    """For each limit, by its intent: on the examples that were taken for it; EVERY on all."""
    return {
        intent: bar_for([each for each in held.examples if intent in (EVERY, each.intent)], limit)
        for intent, limit in limits.items()
    }
