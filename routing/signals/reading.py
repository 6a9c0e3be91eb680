"""All signals of one turn, as the policy sees them and as the decision's row keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from routing.signals import abuse, across, foreign, frustration, human_only, language, repeating, smalltalk
from routing.signals.human_only import FindTopic, HumanOnly
from routing.signals.human_request import HumanRequest
from routing.signals.intent import SHIPPED, Intent, Reader
from routing.signals.requests import Wish


@dataclass(frozen=True, slots=True)
class Context:
    """What the conversation knew before the turn."""

    language: str = "en"
    misses: int = 0
    """Bot turns in a row without an answer; after one, the bot has offered a person."""
    frustration: float = 0.0
    earlier: tuple[str, ...] = ()
    """What the customer wrote just before, oldest first: a wish or a topic may be spread over messages."""
    verified: bool = False
    """The merchant has signed who it is."""
    value: int | None = None
    """What the customer is worth to the merchant, 0 to 100, as the merchant has signed it."""
    bot_turns: int = 0
    """What the bot has said so far."""


@dataclass(frozen=True, slots=True)
class Signals:
    """`support` is None where knowledge was not asked, because an earlier rule decides."""

    language: str = "en"
    foreign: str | None = None
    """A language outside the detector's, as routing.signals.foreign names it."""
    human_only: HumanOnly | None = None
    human_request: HumanRequest | None = None
    """A wish for a person that a rule finds."""
    wish: Wish | None = None
    """The same as the model beside the rules sees it; small talk is not asked."""
    smalltalk: smalltalk.Kind | None = None
    intent: Intent | None = None
    right: float | None = None
    """The chance that the likeliest intent is right, from the promoted model's gate."""
    model: str = ""
    """The version that read the intent, and how."""
    frustration: float = 0.0
    misses: int = 0
    repeats: bool = False
    """Says once more what was said a moment ago."""
    abuse: str | None = None
    """The rule by which it abuses whoever answers."""
    verified: bool = False
    value: int | None = None
    """Of a verified customer, as signed by the merchant."""
    bot_turns: int = 0
    support: float | None = None
    flow: str | None = None
    """The flow that this turn goes on with."""


def read(text: str, before: Context, reader: Reader = SHIPPED) -> Signals:
    """Every signal but `support`, which takes a search."""
    return read_all([(text, before)], reader)[0]


def read_all(said: Sequence[tuple[str, Context]], reader: Reader, topic: FindTopic = human_only.find) -> list[Signals]:
    """The same for many, all by one reader and by one desk's rules of human-only topics. Small talk and foreign
    languages are not asked for their intent, small talk not for a wish."""
    signals = [_but_the_intent(text, before, reader, topic) for text, before in said]
    asked = [n for n, each in enumerate(signals) if each.smalltalk is None and each.foreign is None]
    for n, found in zip(asked, reader.find([said[n][0] for n in asked]), strict=True):
        signals[n] = replace(signals[n], intent=found.intent, right=found.right, model=found.model, wish=found.wish)
    for n, (text, before) in enumerate(said):
        whole = across.with_refusal(before.earlier, text)
        if signals[n].smalltalk is None and (signals[n].wish is None or whole != text):
            signals[n] = replace(signals[n], wish=reader.requests.find(whole))
    return signals


def _but_the_intent(text: str, before: Context, reader: Reader, topic: FindTopic) -> Signals:
    talk = smalltalk.find(text)
    other = None if talk else foreign.find(text)
    known = other if other != foreign.UNKNOWN else None
    repeats = talk is None and repeating.is_repeated(text, before.earlier)
    return Signals(
        language=known or language.detect(text) or before.language,
        foreign=other,
        human_only=across.human_only_topic(before.earlier, text, topic),
        human_request=across.wish_for_a_person(before.earlier, text),
        smalltalk=talk,
        model=reader.version,
        frustration=frustration.carried(before.frustration, frustration.level(text, repeats=repeats)),
        misses=before.misses,
        repeats=repeats,
        abuse=abuse.find(text),
        verified=before.verified,
        value=before.value if before.verified else None,
        bot_turns=before.bot_turns,
    )
