"""Topics and wishes spread over messages ("I want to kill" … "myself"): a turn read with what came just before. Pure.

Only what arises from the joining counts: an earlier text that says it by itself was decided when it was written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from routing.signals import human_only, human_request
from routing.signals.human_only import FindTopic, HumanOnly
from routing.signals.human_request import HumanRequest

T = TypeVar("T")
MESSAGES = 3
CHARS = 300
"""Of each earlier message its end, and of the turn its beginning: what is torn apart is torn at the seam."""


def human_only_topic(earlier: Sequence[str], text: str, find: FindTopic = human_only.find) -> HumanOnly | None:
    return find(text) or _arising(find, earlier, text)


def wish_for_a_person(earlier: Sequence[str], text: str) -> HumanRequest | None:
    """A refusal begun in the last message ("I don't want to" … "talk to a person") is no wish."""
    own = human_request.find(text)
    if own is None:
        return _arising(human_request.find, earlier, text)
    refused = bool(earlier) and human_request.is_refusal_begun(_tail(earlier[-1]))
    return None if refused and human_request.find(joined(earlier[-1:], text)) is None else own


def with_refusal(earlier: Sequence[str], text: str) -> str:
    """The turn, with the last message before it where that breaks off in a refusal."""
    begun = bool(earlier) and human_request.is_refusal_begun(_tail(earlier[-1]))
    return joined(earlier[-1:], text) if begun else text


def joined(earlier: Sequence[str], text: str) -> str:
    """One text; trailing dots, dashes and commas, by which people show that they write on, are left out."""
    return " ".join([*(_tail(message) for message in earlier), text[:CHARS]])


def _arising(find: Callable[[str], T | None], earlier: Sequence[str], text: str) -> T | None:
    for part in _endings(earlier):
        found = find(joined(part, text))
        if found is not None and find(joined(part, "")) is None:
            return found
    return None


def _endings(earlier: Sequence[str]) -> Iterator[Sequence[str]]:
    """The last message, the last two, …"""
    kept = earlier[-MESSAGES:]
    return (kept[start:] for start in reversed(range(len(kept))))


def _tail(message: str) -> str:
    end = message.rstrip()[-CHARS:]
    return end.rstrip(" ,-–—…") if not end.endswith("..") else end.rstrip(" .,")
