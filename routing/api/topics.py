"""The rules of human-only topics, for supervisors: read, tried, changed, and taken back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated

from drf_spectacular.utils import extend_schema
from pydantic import AfterValidator, Field, StringConstraints
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.api.caller import KNOWLEDGE, caller_of
from chat.models import Message
from routing import rulebook, topics
from routing.api.learning import BIGGEST_ID, CONFLICT, NOT_FOUND, Text, check_supervises
from routing.models import TopicRules
from routing.rulebook import Book, Change, Topic
from supportdesk.api.refused import Refused
from supportdesk.api.shapes import Shape, answer, is_storable, read_body
from supportdesk.clock import now

RECENT = 500
"""So many of the customers' last messages a draft is tried on."""
RECENT_DAYS = 30
SAMPLES = 3
Version = Annotated[int, Field(ge=0, le=BIGGEST_ID)]
TOPIC_NAME = "^[a-z][a-z0-9_]{0,39}$"
TopicName = Annotated[str, StringConstraints(pattern=TOPIC_NAME)]
Line = Annotated[str, StringConstraints(max_length=rulebook.LINE_CHARS), AfterValidator(is_storable)]
Lines = Annotated[list[Line], Field(max_length=rulebook.LINES_MOST)]
Language = Annotated[str, StringConstraints(pattern="^[a-z]{2,3}$")]
Mark = Annotated[str, StringConstraints(pattern="^[0-9a-f]{12}$")]
Skill = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]{1,60}(:[0-9])?$")]
About = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), AfterValidator(is_storable)
]


class TopicChange(Shape):
    """`about`, `skills` and `priority` null: as shipped. `dropped`: marks of shipped rules that are switched off.
    `own`: lines by language, words or, between slashes, an RE2 pattern; an empty line keeps its place."""

    about: About | None = None
    skills: Annotated[list[Skill], Field(max_length=5)] | None = None
    priority: Annotated[int, Field(ge=-100, le=100)] | None = None
    is_off: bool = False
    dropped: Annotated[list[Mark], Field(max_length=500)] = []
    own: Annotated[dict[Language, Lines], Field(max_length=30)] = {}

    def change(self) -> Change:
        own = {language: tuple(lines) for language, lines in self.own.items() if any(each.strip() for each in lines)}
        skills = None if self.skills is None else tuple(self.skills)
        return Change(self.about, skills, self.priority, self.is_off, frozenset(self.dropped), own)


class TopicGiven(TopicChange):
    """`version`: the newest as it was read; where another has been saved since, the answer is `conflict`."""

    version: Version


class Restored(Shape):
    """`to`: the version whose rules count again; 0: the shipped ones."""

    version: Version
    to: Version


class Tried(Shape):
    """`topic` and `change`: a draft that is not saved; both or none."""

    text: Text
    topic: TopicName | None = None
    change: TopicChange | None = None


class ShippedRule(Shape):
    """`rule` as decisions name it; `mark` names it when it is switched off."""

    rule: str
    mark: str
    pattern: str
    is_off: bool


class TopicShown(Shape):
    """`is_own`: the desk's, not shipped. `is_changed`: the desk has changed it, by `change`. `shipped` by language."""

    name: str
    about: str
    skills: list[str]
    priority: int
    is_own: bool
    is_changed: bool
    is_off: bool
    shipped: dict[str, list[ShippedRule]]
    change: TopicChange


class TopicVersion(Shape):
    version: int
    what: str
    by: str | None
    at: datetime


class TopicList(Shape):
    """`version` is 0 while nothing was changed. Topics in the order in which they decide."""

    version: int
    languages: list[str]
    items: list[TopicShown]
    versions: list[TopicVersion]


class RuleTaken(Shape):
    """`words`: what the rule sees in the text."""

    topic: str
    about: str
    rule: str
    language: str
    line: str
    is_own: bool
    words: str


class TryShown(Shape):
    """`found` null: no rule takes it. With a draft, of the `messages` that customers wrote last `newly` would go to
    people and did not by the saved rules, `no_more` the other way round; `samples` are some of them."""

    found: RuleTaken | None
    messages: int
    newly: int
    no_more: int
    samples: list[str]


class TopicsView(APIView):
    scope = KNOWLEDGE

    @extend_schema(operation_id="human_only_list", responses=TopicList)
    def get(self, request: Request) -> Response:
        """Each topic with its rules, language by language, the shipped ones and the desk's own."""
        check_supervises(request)
        return _shown()


class TopicView(APIView):
    scope = KNOWLEDGE

    @extend_schema(operation_id="human_only_set", request=TopicGiven, responses=TopicList)
    def put(self, request: Request, name: str) -> Response:
        """Changes a topic, or adds one of the desk's own. Routing reads by it from its next batch on."""
        check_supervises(request)
        given = read_body(request, TopicGiven)
        _check_name(name, given)
        return _saved(request, given.version, name, given.change())

    @extend_schema(operation_id="human_only_reset", request=None, responses=TopicList)
    def delete(self, request: Request, name: str) -> Response:
        """As shipped again; a topic of the desk's own is gone."""
        check_supervises(request)
        live = topics.newest()
        return _saved(request, live.pk if live else topics.SHIPPED, name, None)


class RestoreView(APIView):
    scope = KNOWLEDGE

    @extend_schema(operation_id="human_only_restore", request=Restored, responses=TopicList)
    def post(self, request: Request) -> Response:
        """The rules of an older version count again, as a new version."""
        check_supervises(request)
        given = read_body(request, Restored)
        try:
            topics.restore(base=given.version, version=given.to, by=caller_of(request).agent)
        except topics.NoSuchVersion:
            raise Refused("not_found", "There is no such version: see GET human-only/.", status=NOT_FOUND) from None
        except topics.SavedMeanwhile:
            raise _meanwhile() from None
        return _shown()


class TryView(APIView):
    scope = KNOWLEDGE

    @extend_schema(operation_id="human_only_try", request=Tried, responses=TryShown)
    def post(self, request: Request) -> Response:
        """Which rule takes a text, and by which words; with a draft, before it is saved. Nothing is stored."""
        check_supervises(request)
        given, live = read_body(request, Tried), topics.newest()
        if (given.topic is None) != (given.change is None):
            raise Refused("missing_field", "A draft is a topic and its change.")
        saved = _book(live)
        if given.topic is None or given.change is None:
            return answer(_tried(saved, saved, given.text))
        _check_name(given.topic, given.change)
        try:
            draft = topics.drafted(live, given.topic, given.change.change())
        except topics.BadRules as bad:
            raise _bad(bad) from None
        return answer(_tried(draft, saved, given.text))


def _check_name(name: str, given: TopicChange) -> None:
    if re.fullmatch(TOPIC_NAME, name) is None:
        raise Refused("bad_value", "The name of a topic is made of small letters, digits and _, at most 40.")
    known = {topic.name for topic in rulebook.shipped()}
    if name not in known and not given.about:
        raise Refused("missing_field", "about: a topic of your own needs words for what it is about.")


def _saved(request: Request, base: int, name: str, change: Change | None) -> Response:
    try:
        topics.save(base=base, name=name, change=change, by=caller_of(request).agent)
    except topics.BadRules as bad:
        raise _bad(bad) from None
    except topics.SavedMeanwhile:
        raise _meanwhile() from None
    return _shown()


def _bad(bad: topics.BadRules) -> Refused:
    first, *more = bad.problems
    language, _, line = first.at.partition(".")
    where = f"{language}, line {line}" if line else language
    others = f" {len(more)} more are wrong." if more else ""
    return Refused("bad_pattern", f"{where}: {first.says}.{others}", problems=bad.problems)


def _meanwhile() -> Refused:
    return Refused("conflict", "Somebody saved other rules meanwhile: look, and change them again.", status=CONFLICT)


def _book(live: TopicRules | None) -> Book:
    saved = topics.opened(live.pk if live else topics.SHIPPED)
    return saved if saved.rules else rulebook.book(topics.SHIPPED, {})


def _tried(draft: Book, saved: Book, text: str) -> TryShown:
    taken = draft.first(text)
    found = None
    if taken is not None:
        found = RuleTaken(
            topic=taken.topic.topic, about=taken.topic.about, rule=taken.topic.rule, language=taken.language,
            line=taken.line, is_own=taken.is_own, words=taken.words,
        )  # fmt: skip
    if draft is saved:
        return TryShown(found=found, messages=0, newly=0, no_more=0, samples=[])
    messages = _recent()
    now_and_then = [(each, saved.find(each) is not None, draft.find(each) is not None) for each in messages]
    newly = [each for each, before, after in now_and_then if after and not before]
    no_more = [each for each, before, after in now_and_then if before and not after]
    return TryShown(
        found=found,
        messages=len(messages),
        newly=len(newly),
        no_more=len(no_more),
        samples=(newly or no_more)[:SAMPLES],
    )


def _recent() -> list[str]:
    since = now() - timedelta(days=RECENT_DAYS)
    said = Message.objects.filter(author_kind=Message.Author.CUSTOMER, posted_at__gte=since).order_by("-pk")
    return list(said.values_list("text", flat=True)[:RECENT])


def _shown() -> Response:
    live = topics.newest()
    changes = topics.changes_of(live)
    kept = TopicRules.objects.select_related("by").order_by("-pk")[: topics.VERSIONS_SHOWN]
    versions = [
        TopicVersion(version=row.pk, what=row.what, by=row.by.name if row.by else None, at=row.at) for row in kept
    ]
    items = [_topic(topic, changes) for topic in rulebook.topics(changes)]
    version = live.pk if live else topics.SHIPPED
    return answer(TopicList(version=version, languages=list(rulebook.LANGUAGES), items=items, versions=versions))


def _topic(topic: Topic, changes: Mapping[str, Change]) -> TopicShown:
    change = changes.get(topic.name, Change())
    shipped = {
        language: [
            ShippedRule(
                rule=f"{topic.name}.{language}.{number}", mark=rulebook.mark(pattern), pattern=pattern,
                is_off=rulebook.mark(pattern) in change.dropped,
            )
            for number, pattern in enumerate(patterns, 1)
        ]
        for language, patterns in topic.shipped.items()
    }  # fmt: skip
    return TopicShown(
        name=topic.name, about=topic.about, skills=list(topic.skills), priority=topic.priority,
        is_own=not topic.shipped, is_changed=topic.name in changes, is_off=change.is_off, shipped=shipped,
        change=TopicChange.model_validate(rulebook.as_json(change)),
    )  # fmt: skip
