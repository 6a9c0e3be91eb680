"""Routing what waits: claim turns, think about them with no transaction open, act under the locks or not at all.

A wake-up says only that something waits, so one that is lost, doubled or late is harmless. If the customer writes on
while the bot thinks, the journal's outbox column has moved on: that turn alone is dropped and taken anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from agents.models import Skill
from chat import actions, fanout
from chat.actions import BotAnswer, Recognised
from chat.errors import Stale
from chat.journal import author_of_bot
from chat.lifecycle import IllegalTransition, Reason
from flows import turns as flows
from routing import models, record, slow
from routing.brains.knowledge import Reply
from routing.claim import TURNS_MOST, claim, give_back
from routing.policy import POLICY_VERSION
from routing.signals.reading import Signals
from routing.together import together
from routing.turn import Outcome, broken, think

BATCHES_MOST = 50
"""Then the worker lets its other errands have a turn; whoever drained wakes it again."""

MISSED: dict[str | None, bool | None] = {"answer": False, "miss": True, "smalltalk": None, "flow": False}
"""Small talk is neither an answer nor a miss: the count stays."""


def drain() -> bool:
    """Routes what waits; False where it stopped before nothing was left.

    Raises:
        OperationalError, InterfaceError: PostgreSQL is away; the sweeper wakes routing again.
    """
    for _ in range(BATCHES_MOST):
        turns = claim(TURNS_MOST)
        outcomes = think(turns)
        with fanout.together():
            is_stale = act(outcomes)
        is_stale |= slow.begin([outcome for outcome in outcomes if outcome.work is not None], act)
        if len(turns) < TURNS_MOST and not is_stale:
            return True  # what is committed from now on has a wake-up of its own
    return False


def act(outcomes: Sequence[Outcome]) -> bool:
    """All that are answers as one transaction, each handoff as one of its own; whether a turn was stale, and so waits
    again."""
    answers = [outcome for outcome in outcomes if outcome.reply is not None]
    handoffs = [outcome for outcome in outcomes if outcome.reply is None and outcome.work is None]
    is_done = together(answer_all, answers, hand_over_instead)
    for outcome in handoffs:
        is_done += together(hand_over_all, [outcome], left_to_its_deadline)
    stale = [one.turn for one, done in zip([*answers, *handoffs], is_done, strict=True) if not done]
    give_back(stale)
    return bool(stale)


@transaction.atomic
def answer_all(outcomes: Sequence[Outcome]) -> list[bool]:
    """Says what the bot says, and keeps why; False for a turn that is stale."""
    given = actions.answer_as_bot(answers=[answer_of(outcome) for outcome in outcomes])
    said = [outcome for outcome in outcomes if outcome.turn.conversation_id in given]
    keep_steps(said)
    keep(said)
    return [outcome.turn.conversation_id in given for outcome in outcomes]


def answer_of(outcome: Outcome) -> BotAnswer:
    turn, reply = outcome.turn, outcome.reply or Reply("")
    return BotAnswer(
        turn.conversation_id, turn.upto_seq, author_of_bot(turn.shop.name), reply.text,
        recognised(outcome.signals) or Recognised(turn.language, turn.frustration),
        reply.sources, MISSED[outcome.decision.reply],
    )  # fmt: skip


def hand_over_all(outcomes: Sequence[Outcome]) -> list[bool]:
    return [hand_over(outcome) for outcome in outcomes]


@transaction.atomic
def hand_over(outcome: Outcome) -> bool:
    """People get it, and why; False for a turn that is stale."""
    turn, decision, need = outcome.turn, outcome.decision, outcome.decision.need
    model = model_version(outcome)
    known: dict[str, Any] = {"fields": outcome.moves[-1].fields()} if outcome.moves else {}
    try:
        actions.hand_off(
            conversation_id=turn.conversation_id, reason=decision.reason or Reason.BOT_FAILED, why=decision.why,
            upto_seq=turn.upto_seq, skills=skills_held(need.skills), team_id=need.team_id, priority=need.priority,
            preferred_skills=list(need.preferred), units=need.units, recognised=recognised(outcome.signals),
            versions={"policy": POLICY_VERSION, "model": model}, policy_version=POLICY_VERSION,
            model_version=model, **known,
        )  # fmt: skip
    except (Stale, IllegalTransition):  # the customer has written on, or it is closed: nothing has been changed
        return False
    keep_steps([outcome])
    keep([outcome])
    return True


def hand_over_instead(outcome: Outcome, error: Exception) -> bool:
    """An answer that cannot be stored, whatever is wrong with it, must not keep the customer waiting."""
    (is_done,) = together(hand_over_all, [broken(outcome.turn, error)], left_to_its_deadline)
    return is_done


def left_to_its_deadline(outcome: Outcome, error: Exception) -> bool:
    """It stays claimed for a while and is tried again; at the bot's deadline the sweeper hands it over."""
    return True


def keep_steps(outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        for moved in outcome.moves:
            flows.store(moved, outcome.turn.upto_seq)


def keep(outcomes: Sequence[Outcome]) -> None:
    """Stores why each was decided; once a turn, however often it is run."""
    rows = [
        models.Decision(
            conversation_id=outcome.turn.conversation_id, upto_seq=outcome.turn.upto_seq,
            route=outcome.decision.route, rule=outcome.decision.rule, why=outcome.decision.why[:500],
            signals=record.of_signals(outcome.signals), policy=record.of_policy(outcome.policy, outcome.signals),
            reason=outcome.decision.reason or "",
            policy_version=POLICY_VERSION, model_version=model_version(outcome),
        )
        for outcome in outcomes
    ]  # fmt: skip
    models.Decision.objects.bulk_create(rows, ignore_conflicts=True)


def model_version(outcome: Outcome) -> str:
    """Who read, and who worded; a turn that broke may not have been read."""
    read_by = outcome.signals.model if outcome.signals else "unread"
    return f"{read_by} {outcome.brain}"[:80]


def recognised(signals: Signals | None) -> Recognised | None:
    if signals is None:
        return None
    found = signals.intent
    return Recognised(
        signals.language, signals.frustration, found.name if found else None, found.confidence if found else None
    )


def skills_held(wanted: tuple[str, ...]) -> list[str]:
    """Those of the skills that some agent has: nobody waits for a skill the desk does not know."""
    if not wanted:
        return []
    names = {name.partition(":")[0] for name in wanted}
    held = set(Skill.objects.filter(name__in=names, agents__isnull=False).values_list("name", flat=True))
    return [name for name in wanted if name.partition(":")[0] in held]
