"""What whoever trained a version should know before promoting it: what reads poorly, and what to add. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from routing.naming import quoted

GOOD = 0.85
"""Of texts that it had not seen a reader should know so many; what is poor is said below that."""
ENOUGH = 20
"""Examples an intent: with fewer meaning is read alone (routing.learning.heads)."""
CONFUSED_FROM = 0.1
"""Of an intent's texts so many are taken for the other one."""
CONFUSED_LEAST = 2
NAMED_MOST, PAIRS_MOST = 8, 5


class Confusion(NamedTuple):
    """Of `of` texts with the intent `one`, `times` were taken for `other`."""

    one: str
    other: str
    times: int
    of: int


def remarks(metrics: Mapping[str, Any]) -> list[str]:
    """Nothing where the reader is good enough."""
    if metrics["accuracy"]["value"] >= GOOD:
        return []
    intents, pairs = metrics["intents"], confusions(metrics)
    return [
        _headline(metrics["accuracy"], intents),
        *_few(intents),
        *_worst(intents),
        *(
            f"Confused: {pair.times} of {pair.of} messages about {quoted(pair.one)} are taken for {quoted(pair.other)}."
            for pair in pairs
        ),
        *_advice(worst(intents), pairs, metrics),
    ]


def confusions(metrics: Mapping[str, Any]) -> list[Confusion]:
    pairs = [Confusion(*pair) for pair in metrics.get("confused", {}).get("pairs", [])]
    return [pair for pair in pairs if pair.times >= max(CONFUSED_LEAST, CONFUSED_FROM * pair.of)][:PAIRS_MOST]


def worst(intents: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Of which fewer than GOOD were read rightly, the poorest first."""
    poor = [(each["accuracy"], name) for name, each in intents.items() if (each["accuracy"] or 0.0) < GOOD]
    return [name for _, name in sorted(poor, key=lambda pair: (pair[0] or 0.0, pair[1]))]


def _headline(accuracy: Mapping[str, float], intents: Mapping[str, Mapping[str, Any]]) -> str:
    of_100, low, high = (round(100 * accuracy[name]) for name in ("value", "low", "high"))
    examples = sum(each["examples"] for each in intents.values())
    return (
        f"This version reads poorly: of 100 messages that it had not seen it knows of {of_100} what they want "
        f"({low} to {high}); {100 * GOOD:.0f} and more would be good. It has learned from {examples} examples of "
        f"{len(intents)} intents, {examples / len(intents):.0f} each. Where it is not sure, people answer more than "
        "they would need to; where it is sure and wrong, customers get the wrong answer."
    )


def _few(intents: Mapping[str, Mapping[str, Any]]) -> list[str]:
    found = sorted((each["examples"], name) for name, each in intents.items() if each["examples"] < ENOUGH)
    if not found:
        return []
    return [f"Few examples, fewer than {ENOUGH}: {_named([f'{quoted(name)} ({count})' for count, name in found])}."]


def _worst(intents: Mapping[str, Mapping[str, Any]]) -> list[str]:
    found = [f"{quoted(name)} ({100 * (intents[name]['accuracy'] or 0.0):.0f} of 100)" for name in worst(intents)]
    return [f"Read worst: {_named(found)}."] if found else []


def _advice(poor: Sequence[str], pairs: Sequence[Confusion], metrics: Mapping[str, Any]) -> list[str]:
    said = []
    if poor:
        first = _named([quoted(name) for name in poor])
        said.append(f"Add messages as customers really write them, twice as many as there are, first for: {first}.")
    if pairs:
        said.append("Where two are confused, add messages to both that show the difference, or make them one intent.")
    if not metrics.get("outside", {}).get("examples"):
        said.append("Add messages that no intent answers, with the intent oos: nothing tells yet what is none of them.")
    said.append("Corrections under “Why?”, POST examples/ and --file are all learned from (docs/training.md).")
    return said


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED_MOST} more" if len(names) > NAMED_MOST else ""
    return ", ".join(names[:NAMED_MOST]) + more
