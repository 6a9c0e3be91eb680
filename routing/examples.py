"""What a desk's model is trained on, gathered: shipped examples, files, the desk's own and its agents' judgement.

Where two sources disagree about a text, the higher rank has the last word; where people disagree with
themselves, that is named with its places.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db.models import OuterRef, Q, Subquery

from chat.lifecycle import Reason
from chat.models import HandoffPacket, Message
from routing.models import Example
from routing.signals import human_request, intent, requests, rules
from routing.signals.words import plain

LEAST_EACH = 5
LEAST_INTENTS = 2
MOST = 50_000
CHARS_MOST = 2_000
NAME_CHARS = 60
GUESSED, SAID = 0, 1
"""Ranks: what came with the product or follows from a score; what somebody said of this very text."""


@dataclass(frozen=True, slots=True)
class Given:
    text: str
    intent: str
    place: str
    """Where it stands, for whoever has to mend it."""
    source: str
    rank: int = SAID


@dataclass(frozen=True, slots=True)
class Sifted:
    kept: list[Given]
    problems: list[str]

    def counts(self) -> dict[str, int]:
        return dict(Counter(each.source for each in self.kept))


def hash_of(text: str) -> str:
    return hashlib.sha256(plain(text).encode()).hexdigest()


def sifted(given: Iterable[Given]) -> Sifted:
    """One of each text, and every problem with its place and what to do. Pure."""
    problems: list[str] = []
    said: dict[str, list[Given]] = defaultdict(list)
    for each in given:
        wrong = _wrong_with(each)
        if wrong:
            problems.append(f"{each.place}: {wrong}")
        else:
            said[plain(each.text)].append(each)
    kept = []
    for alike in said.values():
        rank = max(each.rank for each in alike)
        of_rank = list({each.intent: each for each in alike if each.rank == rank}.values())
        if len(of_rank) > 1 and rank == SAID:
            places = " and ".join(f"{each.place} ({each.intent})" for each in of_rank)
            problems.append(f"{places}: the same text under {len(of_rank)} intents; keep one")
        elif len(of_rank) == 1:
            kept.append(of_rank[0])
    return Sifted(kept, problems + _too_few(kept))


def _wrong_with(each: Given) -> str:
    if not each.intent.strip():
        return "the intent is empty; name it"
    if len(each.intent) > NAME_CHARS:
        return f"the intent's name is longer than {NAME_CHARS} characters; shorten it"
    if not any(c.isalpha() for c in each.text):
        return "the text has no words; write what a customer would write, or remove it"
    if len(each.text) > CHARS_MOST:
        return f"the text is longer than {CHARS_MOST} characters; shorten it"
    return ""


def _too_few(kept: Sequence[Given]) -> list[str]:
    counted = Counter(each.intent for each in kept if each.intent not in (Example.OUTSIDE, Example.PERSON))
    if len(counted) < LEAST_INTENTS:
        return [f"{len(counted)} intents: at least {LEAST_INTENTS} are needed, or there is nothing to tell apart"]
    if len(kept) > MOST:
        return [f"{len(kept)} examples: at most {MOST} are taken; leave some out"]
    return [
        f"intent {name}: {count} examples; give it {LEAST_EACH - count} more or remove it"
        for name, count in sorted(counted.items())
        if count < LEAST_EACH
    ]


def of_wishes(kept: Sequence[Given]) -> Iterator[requests.Example]:
    """Which of them ask for a person: those of that intent; what was shipped says so itself, and a text with a wish
    and an intent tells nothing of either."""
    for each in kept:
        asks = each.intent == Example.PERSON
        if each.source != "shipped" and (asks or human_request.find(each.text) is None):
            yield requests.Example(each.text, asks)


def shipped() -> Iterator[Given]:
    for name, table in rules.load(intent.FILE).items():
        for number, text in enumerate(table["examples"], 1):
            yield Given(text, name, f"{intent.FILE} [{name}] {number}", "shipped", GUESSED)


def of_file(path: Path) -> Iterator[Given]:
    """A CSV file with the columns text and intent.

    Raises:
        ValueError: a column is missing, or it is not text.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if not {"text", "intent"} <= set(rows.fieldnames or ()):
            raise ValueError(f"{path}: line 1: the columns text and intent are needed")
        for row in rows:
            yield Given(row["text"] or "", row["intent"] or "", f"{path}: line {rows.line_num}", "files")


def of_desk(site_keys: Sequence[str]) -> Iterator[Given]:
    """Examples and corrections, of these inboxes and of all; of every inbox where none is named."""
    rows = Example.objects.filter(Q(inbox=None) | Q(inbox__site_key__in=site_keys)) if site_keys else Example.objects
    for row in rows.order_by("pk")[: MOST + 1]:
        source = "corrections" if row.corrects_id else "examples"
        yield Given(row.text, row.intent, f"example {row.pk}", source)


def of_scores(site_keys: Sequence[str]) -> Iterator[Given]:
    """Handoffs that agents scored: needless, where the bot knew what was wanted; or right, where it had no answer."""
    before = {"conversation": OuterRef("conversation"), "posted_at__lte": OuterRef("requested_at")}
    asked = Message.objects.filter(**before, author_kind=Message.Author.CUSTOMER).order_by("-seq")
    known = Q(score="needless") & ~Q(packet__intent=None)
    unknown = Q(score__in=["right", "too_late"], reason=Reason.BOT_FAILED, packet__intent=None)
    rows = HandoffPacket.objects.filter(known | unknown).annotate(text=Subquery(asked.values("text")[:1]))
    if site_keys:
        rows = rows.filter(conversation__inbox__site_key__in=site_keys)
    for row in rows.order_by("pk")[:MOST]:
        said = (row.text or "")[:CHARS_MOST]
        if any(c.isalpha() for c in said):
            named = row.packet["intent"] if row.score == "needless" else Example.OUTSIDE
            yield Given(said, named, f"handoff {row.pk}", "scores", GUESSED)
