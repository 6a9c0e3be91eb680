"""The rules of human-only topics as a desk keeps them: the shipped ones but those switched off, and its lines. Pure.

A line is words (`stolen card`, `betrug*`) or, between slashes, an RE2 pattern. Both see what the rules see: lower case,
no accents (routing.signals.words).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Protocol

import re2

from routing.signals import human_only, human_request, rules
from routing.signals.human_only import HumanOnly
from routing.signals.words import plain, readings

LINE_CHARS = 300
LINES_MOST = 200
"""Of a topic in one language."""
OWN_LINES_MOST = 500
OWN_TOPICS_MOST = 30
PATTERN_BYTES = 1 << 20
"""What RE2 may use for one line."""
LANGUAGES = (*human_only.LANGUAGES, *human_request.ELSEWHERE)
LETTERS = (
    r"0-9A-Z_a-z\x{AA}\x{B5}\x{BA}\x{C0}-\x{1FFF}\x{2C00}-\x{2DFF}\x{3040}-\x{D7FF}\x{F900}-\x{FEFF}\x{FF10}-\x{FFDC}"
    r"\x{10000}-\x{1EFFF}\x{20000}-\x{3FFFF}"
)
"""What words are made of, in a few ranges: Unicode's categories take RE2 a hundred times as long to compile."""
ENDS = " .,;:!?\"'“”„«»"
"""Signs around words that need not be written."""
GATE_BYTES = 16 << 20
"""What RE2 may remember of one part of the gate's states."""
GATE_CHARS = 12_000
ORDINARY = ("hello", "thanks", "42")
"""A line that takes each of these takes every message."""
_ENDS = re.compile(r"^\W+|\W+$")
_PIECE = re.compile(r"\\[pP]\{[^}]*\}|\\.|[^\\\s]+|\s+")


class BadLine(ValueError):
    """It cannot be a rule; says why."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a desk has made of one topic. Null and empty: as shipped."""

    about: str | None = None
    skills: tuple[str, ...] | None = None
    priority: int | None = None
    is_off: bool = False
    dropped: frozenset[str] = frozenset()
    """Shipped rules that are switched off, by `mark`: another wording in a later release is on again."""
    own: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Lines by language."""


@dataclass(frozen=True, slots=True)
class Topic:
    name: str
    about: str
    skills: tuple[str, ...]
    priority: int
    shipped: Mapping[str, tuple[str, ...]]
    """Patterns by language; empty where the topic is the desk's own."""


class Pattern(Protocol):
    def search(self, text: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Taken:
    """A rule that takes a text, and the words by which it does."""

    topic: HumanOnly
    language: str
    line: str
    is_own: bool
    words: str


@dataclass(frozen=True, slots=True)
class Rule:
    found: HumanOnly
    language: str
    line: str
    is_own: bool
    pattern: Pattern

    def takes(self, said: Sequence[str]) -> Taken | None:
        hit = next((hit for each in said if (hit := self.pattern.search(each)) is not None), None)
        if hit is None:
            return None
        return Taken(self.found, self.language, self.line, self.is_own, _ENDS.sub("", hit.group()))


@dataclass(frozen=True)
class Book:
    """All rules in the order in which they decide: topic by topic, the shipped ones first."""

    version: int
    changes: Mapping[str, Change]
    rules: tuple[Rule, ...] = ()
    gate: tuple[Pattern, ...] = ()
    """Says at once, of most texts, that none of the desk's own lines takes them."""

    def find(self, text: str) -> HumanOnly | None:
        """As `human_only.find`, which a desk without changes reads by."""
        if not self.changes:
            return human_only.find(text)
        taken = self.first(text)
        return taken.topic if taken else None

    def first(self, text: str) -> Taken | None:
        """The rule that decides, as routing asks: `text` alone."""
        said = readings(text)
        may_be_shipped = human_only.find(text) is not None
        may_be_own = any(part.search(each) for part in self.gate for each in said)
        if not may_be_shipped and not may_be_own:
            return None
        asked = (each for each in self.rules if (may_be_own if each.is_own else may_be_shipped))
        return next((taken for each in asked if (taken := each.takes(said)) is not None), None)


def book(version: int, changes: Mapping[str, Change]) -> Book:
    """Raises BadLine where a stored line cannot be read any more."""
    lines = [
        (line, language)
        for change in changes.values()
        if not change.is_off
        for language, own in change.own.items()
        for line in own
        if line.strip()
    ]
    return Book(version, changes, tuple(_rules(version, changes)), tuple(_gate(lines)))


def _gate(lines: Sequence[tuple[str, str]]) -> Iterator[Pattern]:
    part: list[str] = []
    for line, language in lines:
        part.append(f"(?:{_whole(line, language)})")
        if sum(map(len, part)) > GATE_CHARS:
            yield _re2("|".join(part), GATE_BYTES)
            part = []
    if part:
        yield _re2("|".join(part), GATE_BYTES)


def _rules(version: int, changes: Mapping[str, Change]) -> Iterator[Rule]:
    shipped: dict[str, list[tuple[Pattern, HumanOnly]]] = {}
    for pattern, named in human_only.every():
        shipped.setdefault(named.topic, []).append((pattern, named))
    for topic in topics(changes):
        change = changes.get(topic.name, Change())
        if change.is_off:
            continue
        as_worded = HumanOnly(topic.name, "", topic.about, topic.skills, topic.priority)
        lines = [line for each in topic.shipped.values() for line in each]
        for (as_shipped, found), line in zip(shipped.get(topic.name, []), lines, strict=True):
            if mark(line) not in change.dropped:
                named = replace(as_worded, rule=found.rule)
                yield Rule(named, found.rule.split(".")[1], line, False, as_shipped)
        for language, own in change.own.items():
            for number, line in enumerate(own, 1):
                if line.strip():
                    named = replace(as_worded, rule=f"{topic.name}.{language}.own.{number} of version {version}")
                    yield Rule(named, language, line, True, compiled(line, language))


def topics(changes: Mapping[str, Change]) -> list[Topic]:
    """The shipped ones in their order, as the desk words them, then its own."""
    found = [_changed(topic, changes.get(topic.name, Change())) for topic in shipped()]
    known = {topic.name for topic in found}
    own = (Topic(name, name, (), 0, {}) for name in sorted(changes) if name not in known)
    return [*found, *(_changed(topic, changes[topic.name]) for topic in own)]


def _changed(topic: Topic, change: Change) -> Topic:
    return replace(
        topic,
        about=change.about if change.about is not None else topic.about,
        skills=change.skills if change.skills is not None else topic.skills,
        priority=change.priority if change.priority is not None else topic.priority,
    )


@cache
def shipped() -> tuple[Topic, ...]:
    return tuple(
        Topic(
            name, given["about"], tuple(given["skills"]), given["priority"],
            {language: tuple(given[language]) for language in human_only.LANGUAGES},
        )
        for name, given in rules.load(human_only.FILE).items()
    )  # fmt: skip


def mark(pattern: str) -> str:
    """Names a shipped pattern by what it says."""
    return hashlib.sha256(pattern.encode()).hexdigest()[:12]


# --- A line -----------------------------------------------------------------------------------------------------------


def compiled(line: str, language: str) -> Pattern:
    """Raises BadLine."""
    if len(line) > LINE_CHARS:
        raise BadLine(f"it is longer than {LINE_CHARS} characters; make two of it")
    inside = _re2(_spelled(line.strip()))
    if inside.search("") is not None or all(inside.search(each) for each in ORDINARY):
        raise BadLine("it would take every message")
    whole: Pattern = _re2(_whole(line, language))
    return whole


def _whole(line: str, language: str) -> str:
    """Between the borders of words, where the language has them."""
    spelled = _spelled(line.strip())
    return spelled if language in human_request.UNSPACED else f"(?:^|[^{LETTERS}])(?:{spelled})(?:$|[^{LETTERS}])"


def _spelled(line: str) -> str:
    if len(line) > 2 and line.startswith("/") and line.endswith("/"):
        return "".join(_folded(piece) for piece in _PIECE.findall(line[1:-1]))
    said = plain(line).strip(ENDS)
    if not any(sign.isalnum() for sign in said):
        raise BadLine("it has no words")
    return f"[{LETTERS}]*".join(re2.escape(piece) for piece in said.split("*"))


def _folded(piece: str) -> str:
    return piece if piece.startswith("\\") or piece.isspace() else plain(piece)


def _re2(pattern: str, most_bytes: int = PATTERN_BYTES) -> Any:
    options = re2.Options()
    options.max_mem, options.log_errors = most_bytes, False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
        raise BadLine(f"the pattern cannot be read: {said}") from None


# --- Kept as JSON -----------------------------------------------------------------------------------------------------


def as_json(change: Change) -> dict[str, Any]:
    return {
        "about": change.about, "skills": None if change.skills is None else list(change.skills),
        "priority": change.priority, "is_off": change.is_off, "dropped": sorted(change.dropped),
        "own": {language: list(lines) for language, lines in change.own.items()},
    }  # fmt: skip


def from_json(stored: Mapping[str, Any]) -> Change:
    skills = stored["skills"]
    return Change(
        stored["about"], None if skills is None else tuple(skills), stored["priority"], stored["is_off"],
        frozenset(stored["dropped"]), {language: tuple(lines) for language, lines in stored["own"].items()},
    )  # fmt: skip
