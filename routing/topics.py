"""The desk's versions of the rules of human-only topics: read, saved, taken back. Routing reads by the newest."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache

from django.db import IntegrityError, transaction

from agents.models import Agent
from routing import rulebook
from routing.models import TopicRules
from routing.rulebook import BadLine, Book, Change
from supportdesk.api.refused import Wrong

log = logging.getLogger(__name__)

SHIPPED = 0
VERSIONS_SHOWN = 30


class SavedMeanwhile(Exception):
    """Somebody else saved since: look again."""


class BadRules(Exception):
    """Says which lines cannot be rules, and why."""

    def __init__(self, problems: list[Wrong]) -> None:
        super().__init__("; ".join(f"{each.at}: {each.says}" for each in problems))
        self.problems = problems


class NoSuchVersion(Exception):
    pass


def newest() -> TopicRules | None:
    return TopicRules.objects.order_by("-pk").first()


@lru_cache(maxsize=4)
def opened(version: int) -> Book:
    """The rules of one version, ready to read; rows are never changed, so they are read once a process."""
    if version == SHIPPED:
        return Book(SHIPPED, {})
    return rulebook.book(version, changes_of(TopicRules.objects.get(pk=version)))


def changes_of(row: TopicRules | None) -> dict[str, Change]:
    return {name: rulebook.from_json(stored) for name, stored in row.content.items()} if row else {}


def drafted(row: TopicRules | None, name: str, change: Change) -> Book:
    """As it would read, were the change saved; nothing is stored. Raises BadRules."""
    check(change)
    return rulebook.book((row.pk if row else SHIPPED) + 1, {**changes_of(row), name: change})


def check(change: Change) -> None:
    """Raises BadRules with every line that is no rule, named `language.line`."""
    problems = []
    for language, lines in change.own.items():
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                rulebook.compiled(line, language)
            except BadLine as why:
                problems.append(Wrong(f"{language}.{number}", str(why)))
    if problems:
        raise BadRules(problems)


def save(*, base: int, name: str, change: Change | None, by: Agent | None) -> TopicRules:
    """A new version in which one topic is changed; with None it is as shipped again, or gone where it was the desk's.

    Raises:
        BadRules: a line is no rule, or there are too many.
        SavedMeanwhile: `base` is not the newest version.
    """
    if change is not None:
        check(change)
    live = newest()
    changes = changes_of(live)
    before = changes.pop(name, None)
    if change is not None and not _is_shipped(name, change):
        changes[name] = change
    _check_bounds(changes)
    return _follow(live, base, changes, _what(name, before, changes.get(name)), by)


def restore(*, base: int, version: int, by: Agent | None) -> TopicRules:
    """A new version that says what an older one said; SHIPPED takes every change away.

    Raises:
        NoSuchVersion, SavedMeanwhile.
    """
    old = TopicRules.objects.filter(pk=version).first()
    if old is None and version != SHIPPED:
        raise NoSuchVersion
    what = f"Back to version {version}" if old else "Back to the shipped rules"
    return _follow(newest(), base, changes_of(old), what, by)


def _follow(
    live: TopicRules | None, base: int, changes: Mapping[str, Change], what: str, by: Agent | None
) -> TopicRules:
    if (live.pk if live else SHIPPED) != base:
        raise SavedMeanwhile
    content = {name: rulebook.as_json(change) for name, change in changes.items()}
    try:
        with transaction.atomic():  # whoever saw `live` as the newest and is first has it
            return TopicRules.objects.create(content=content, after=live, what=what[:200], by=by)
    except IntegrityError:
        raise SavedMeanwhile from None


def _is_shipped(name: str, change: Change) -> bool:
    """Whether it changes nothing of a shipped topic. A topic of the desk's own is always a change."""
    return change == Change() and any(topic.name == name for topic in rulebook.shipped())


def _check_bounds(changes: Mapping[str, Change]) -> None:
    lines = sum(len(each) for change in changes.values() for each in change.own.values())
    if lines > rulebook.OWN_LINES_MOST:
        raise BadRules([Wrong("own", f"there are {lines} lines; at most {rulebook.OWN_LINES_MOST} are kept")])
    shipped = {topic.name for topic in rulebook.shipped()}
    own = sum(name not in shipped for name in changes)
    if own > rulebook.OWN_TOPICS_MOST:
        raise BadRules([Wrong("name", f"a desk has at most {rulebook.OWN_TOPICS_MOST} topics of its own")])


def _what(name: str, before: Change | None, after: Change | None) -> str:
    about = name.replace("_", " ")
    if after is None:
        return f"{about}: as shipped" if _is_shipped(name, Change()) else f"{about}: removed"
    old = before or Change()
    said = []
    if after.is_off != old.is_off:
        said.append("switched off" if after.is_off else "switched on")
    dropped, back = len(after.dropped - old.dropped), len(old.dropped - after.dropped)
    said += [f"{dropped} shipped rules off"] if dropped else []
    said += [f"{back} shipped rules on again"] if back else []
    new, gone = _lines(after) - _lines(old), _lines(old) - _lines(after)
    said += [f"added {_quoted(new)}"] if new else []
    said += [f"removed {_quoted(gone)}"] if gone else []
    if (after.about, after.skills, after.priority) != (old.about, old.skills, old.priority):
        said.append("name, skills or priority")
    return f"{about}: {', '.join(said) or 'saved'}"


def _lines(change: Change) -> set[str]:
    return {line for lines in change.own.values() for line in lines if line.strip()}


def _quoted(lines: set[str]) -> str:
    first, *more = sorted(lines)
    return f"“{first[:60]}”" + (f" and {len(more)} more" if more else "")
