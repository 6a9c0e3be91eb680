"""Greetings, thanks, yes and no, goodbyes: turns the bot answers politely and that are no miss."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, cast, get_args

from routing.signals import rules
from routing.signals.words import plain

FILE = "smalltalk.toml"
LONGEST_WORDS = 25
Kind = Literal["done", "bye", "thanks", "presence", "greeting", "no", "yes", "ok"]


def find(text: str) -> Kind | None:
    """What kind of small talk the whole of `text` is; a sign or an emoji alone is `ok`, marks alone ask `presence`."""
    said = _said(text)
    if not said:
        return "presence" if "?" in text else "ok"
    if said.count(" ") >= LONGEST_WORDS or not _whole().fullmatch(said):
        return None
    spoken = {kind for match in _phrase().finditer(said) if (kind := match.lastgroup)}
    return cast("Kind | None", next((kind for kind in get_args(Kind) if kind in spoken), None))


def _said(text: str) -> str:
    return " ".join(re.findall(r"\w+", plain(text).replace("'", "")))


def _kinds() -> Iterator[tuple[str, str]]:
    """(kind, phrase), longest phrase first, so that "thank you" is not read as "you"."""
    pairs = [(kind, _said(phrase)) for kind, phrases in rules.load(FILE)["kinds"].items() for phrase in phrases]
    return iter(sorted(pairs, key=lambda pair: -len(pair[1])))


@cache
def _phrase() -> re.Pattern[str]:
    groups: dict[str, list[str]] = {kind: [] for kind in get_args(Kind)}
    for kind, phrase in _kinds():
        groups[kind].append(phrase)
    return re.compile("|".join(rf"(?P<{kind}>(?<!\w)(?:{'|'.join(of)})(?!\w))" for kind, of in groups.items()))


@cache
def _whole() -> re.Pattern[str]:
    """Nothing but phrases and filler. Possessive: a phrase once taken is not tried again, so it runs in linear time."""
    words = [phrase for _, phrase in _kinds()] + rules.load(FILE)["filler"]["words"]
    each = "|".join(sorted(set(words), key=lambda word: -len(word)))
    return re.compile(rf"(?>(?:{each})(?: |$))++")
