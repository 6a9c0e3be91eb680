"""From what may go wrong to how sure the bot must be: bars that hold on held-out examples, with confidence. Pure.

Selective classification by Learn then Test (Angelopoulos et al., 2021) with fixed-sequence testing: from the strictest
bar downwards each is tested for "more than `most_wrong` of what lies above is wrong" by the exact binomial tail
(Clopper and Pearson, 1934), until one is not refuted; the last that was is taken. Missed wishes for a person are
limited in the same way, from the bar that misses none upwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from math import ceil, exp, log
from typing import Any

GRID = tuple(step / 200 for step in range(200, -1, -1))
"""Bars tried, strictest first; fixed beforehand, as the method asks."""
BEGUN_AT = 3
"""Bars are tested from where so many times the fewest lie above: at the fewest, one wrong reading would end it all."""
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
        return (
            f"No bar holds this limit: however sure the model is, its {self.examples} held-out examples do not "
            "show it. People answer; a laxer limit or more examples would leave some of it to the bot."
        )


def bar_for(held: Sequence[Held], limit: Limit) -> Bar:
    from scipy.special import bdtr  # the web processes need it only when they are asked

    fewest = ceil(log(1 - limit.confidence) / log(1 - limit.most_wrong))
    surest = sorted(held, key=lambda each: -each.chance)
    begun_at = max(fewest, min(BEGUN_AT * fewest, len(surest)))
    found = Bar(NEVER, 0, 0, len(surest), fewest)
    answered = wrong = 0
    for at in GRID:
        while answered < len(surest) and surest[answered].chance >= at:
            wrong += not surest[answered].right
            answered += 1
        if answered < begun_at:  # chosen by how many they are, whatever they are
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


# --- Wishes for a person that are missed ------------------------------------------------------------------------------

WISH_GRID = (0.0, *(1 / (1 + exp(-step / 5)) for step in range(-50, 51)))
"""Bars on the chance of a wish, from the one that misses none upwards; fixed beforehand."""
FALSE_ALARMS = 0.005
"""Of the messages that ask for nobody, at most so many may be taken for a wish."""
ALLOWED = 0.7
"""Of these so many may be used up on held-out examples: a bar that just holds there would not hold elsewhere."""
JUST_ABOVE = 0.001
"""Chances are kept to so much."""
HARD_EXPECTED = 0.1
"""Of the messages that ask for nobody so many are taken to sound as if they did: among the examples it is the half."""


@dataclass(frozen=True, eq=False)
class Told:
    """Held-out messages, equal to themselves alone: the chance that each asks for a person, whether it does, whether a
    rule finds it by itself, and whether it only sounds like a wish."""

    chance: tuple[float, ...] = ()
    asks: tuple[bool, ...] = ()
    ruled: tuple[bool, ...] = ()
    hard: tuple[bool, ...] = ()

    def columns(self) -> list[Any]:
        return list(astuple(self))

    @classmethod
    def of(cls, columns: Sequence[Sequence[Any]]) -> Told:
        return cls(*map(tuple, columns))

    def wishes(self) -> list[float]:
        """How sure the model was of each; NEVER, so always above the bar, where a rule finds it."""
        seen = zip(self.chance, self.asks, self.ruled, strict=True)
        return [NEVER if ruled else chance for chance, asks, ruled in seen if asks]

    def others(self, *, hard: bool) -> list[float]:
        """Of messages that ask for nobody and that no rule takes for a wish, too."""
        seen = zip(self.chance, self.asks, self.ruled, self.hard, strict=True)
        return [chance for chance, asks, ruled, is_hard in seen if not asks and not ruled and is_hard == hard]


@dataclass(frozen=True, slots=True)
class WishBar:
    """From `at` on the model's chance sends a message to a person. Of held-out messages: `missed` of `wishes` lie
    below it, `needless` of `others` and `needless_hard` of `hard`, which only sound like a wish, above."""

    at: float
    wishes: int
    missed: int
    others: int
    needless: int
    hard: int
    needless_hard: int
    needed: int
    """So many wishes, none of them missed, are the fewest that can show the limit."""

    def says(self) -> str:
        """In a sentence, for whoever set the limit."""
        if self.wishes < self.needed:
            known = f"Too little is known: {self.wishes} held-out requests, and at least {self.needed} are needed. "
            return known + "People answer everything but small talk until there are more."
        if self.at == 0:
            return (
                f"No bar holds this limit on {self.wishes} held-out requests. People answer everything but small talk."
            )
        return (
            f"A message goes to a person where it is at least {self.at:.1%} likely to ask for one: {self.missed} of "
            f"{self.wishes} held-out requests are missed, and of the messages that ask for nobody {self.needless} of "
            f"{self.others} ordinary ones go to a person, too, and {self.needless_hard} of {self.hard} that only sound "
            "like a request."
        )


def usual_wish_bar(told: Told) -> float:
    """Where no limit is set: the lowest that keeps false alarms under FALSE_ALARMS, ordinary and hard messages mixed as
    they are expected."""
    ordinary, hard = told.others(hard=False), told.others(hard=True)
    weighed = [(chance, (1 - HARD_EXPECTED) / len(ordinary)) for chance in ordinary]
    weighed += [(chance, HARD_EXPECTED / len(hard)) for chance in hard]
    share = 0.0
    for chance, weight in sorted(weighed, reverse=True):
        share += weight
        if share > FALSE_ALARMS * ALLOWED:
            return chance + JUST_ABOVE
    return NEVER


def wish_bar_for(told: Told, limit: Limit | None) -> WishBar:
    """For `limit`, of which `most_wrong` is the share of wishes missed; never above the usual bar, which counts alone
    where there is no limit."""
    wishes, usual = told.wishes(), usual_wish_bar(told)
    if limit is None:
        return _wish_bar(told, usual, 0)
    from scipy.special import bdtr  # the web processes need it only when they are asked

    fewest = ceil(log(1 - limit.confidence) / log(1 - limit.most_wrong))
    found = 0.0
    for at in WISH_GRID if len(wishes) >= fewest else ():
        missed = sum(chance < at for chance in wishes)
        if at > usual or bdtr(missed, len(wishes), limit.most_wrong) > 1 - limit.confidence:
            break
        found = at
    return _wish_bar(told, found, fewest)


def _wish_bar(told: Told, at: float, needed: int) -> WishBar:
    wishes, others, hard = told.wishes(), told.others(hard=False), told.others(hard=True)
    return WishBar(
        at, len(wishes), sum(chance < at for chance in wishes), len(others), sum(chance >= at for chance in others),
        len(hard), sum(chance >= at for chance in hard), needed,
    )  # fmt: skip
