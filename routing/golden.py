"""Golden questions: what the desk must get right, asked of a candidate model before it is promoted. Nothing is stored.

Each is one message of a new customer, thought about as routing does it: articles, flows and limits as they are now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import uuid4

from chat.models import Inbox
from routing.claim import Shop, Turn
from routing.models import GoldenQuestion
from routing.signals.intent import Reader
from routing.turn import Outcome, think

AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Judged:
    """`got` is `article SLUG`, `flow INTENT`, `person REASON`, `brain`, `small talk` or `nothing`."""

    question: GoldenQuestion
    got: str
    passed: bool

    def says(self) -> str:
        mark = "ok  " if self.passed else "FAIL"
        return f"{mark} {self.question.question!r}: expected {self.question.expected()}, got {self.got}"


def judge(questions: Sequence[GoldenQuestion], reader: Reader | None = None) -> list[Judged]:
    """By the model that is live, or by `reader`, in the order given."""
    found: list[Judged] = []
    for start in range(0, len(questions), AT_ONCE):
        some = questions[start : start + AT_ONCE]
        outcomes = think([_turn(each) for each in some], reader)
        found += [_judged(each, outcome) for each, outcome in zip(some, outcomes, strict=True)]
    return found


def of_inboxes(site_keys: Sequence[str] = ()) -> list[GoldenQuestion]:
    """All, or those of some inboxes, inbox by inbox."""
    rows = GoldenQuestion.objects.select_related("inbox").order_by("inbox_id", "id")
    return list(rows.filter(inbox__site_key__in=site_keys) if site_keys else rows)


def newly_failing(candidate: Reader) -> list[Judged]:
    """What the candidate gets wrong and the live model gets right."""
    questions = of_inboxes()
    before, after = judge(questions), judge(questions, candidate)
    return [new for old, new in zip(before, after, strict=True) if old.passed and not new.passed]


def summary(judged: Sequence[Judged]) -> list[str]:
    """Inbox by inbox, how many passed."""
    lines = []
    for inbox, each in groupby(judged, lambda one: one.question.inbox.name):
        of_inbox = list(each)
        lines.append(f"{inbox}: {sum(one.passed for one in of_inbox)} of {len(of_inbox)} as expected")
    return lines


def _turn(each: GoldenQuestion) -> Turn:
    inbox: Inbox = each.inbox
    shop = Shop(inbox.pk, inbox.name, inbox.site_key, inbox.locale, inbox.support_floor, inbox.max_misses)
    language = inbox.locale.replace("_", "-").split("-")[0].lower()
    return Turn(uuid4(), shop, each.question, 1, language=language)


def _judged(question: GoldenQuestion, outcome: Outcome) -> Judged:
    kind, target = _got(outcome)
    wanted = question.target
    passed = kind == question.expects and wanted in ("", target)
    return Judged(question, f"{kind} {target}".strip(), passed)


def _got(outcome: Outcome) -> tuple[str, str]:
    decision = outcome.decision
    if decision.route == "human":
        return GoldenQuestion.Expects.PERSON, str(decision.reason or "")
    if decision.reply == "flow":
        return (
            GoldenQuestion.Expects.FLOW,
            outcome.signals.intent.name if outcome.signals and outcome.signals.intent else "",
        )
    if outcome.work is not None:
        return "brain", ""
    if decision.reply == "answer" and outcome.reply is not None and outcome.reply.sources:
        return GoldenQuestion.Expects.ARTICLE, outcome.reply.sources[0].url.rstrip("/").rsplit("/", 1)[1]
    return ("small talk", "") if decision.reply == "smalltalk" else ("nothing", "")
