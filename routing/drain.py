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
from routing import record, slow
from routing.brains.knowledge import Reply
from routing.claim import TURNS_MOST, claim, give_back
from routing.policy import POLICY_VERSION
from routing.signals.reading import Signals
from routing.together import together
from routing.turn import Outcome, broken, think
from supportdesk import planned
from supportdesk.clock import now

BATCHES_MOST = 50
"""Then the worker lets its other errands have a turn; whoever drained wakes it again."""

MISSED: dict[str | None, bool | None] = {"answer": False, "miss": True, "smalltalk": None, "flow": False}
"""Small talk is neither an answer nor a miss: the count stays."""

KEEP = """
INSERT INTO routing_decision (decided_at, conversation_id, upto_seq, signals, policy, route, rule, reason, why,
  policy_version, model_version)
SELECT $1::timestamptz, d.conversation_id, d.upto_seq, d.signals::jsonb, d.policy::jsonb, d.route, d.rule, d.reason,
  d.why, $10::text, d.model_version
FROM unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $11::text[])
  AS d(conversation_id, upto_seq, signals, policy, route, rule, reason, why, model_version)
ON CONFLICT DO NOTHING
"""


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
    if outcomes:
        turns, decisions = [each.turn for each in outcomes], [each.decision for each in outcomes]
        planned.run(
            KEEP, now(), [turn.conversation_id for turn in turns], [turn.upto_seq for turn in turns],
            [record.of_signals(each.signals) for each in outcomes],
            [record.of_policy(each.policy, each.signals) for each in outcomes],
            [decision.route for decision in decisions], [decision.rule for decision in decisions],
            [decision.reason or "" for decision in decisions], [decision.why[:500] for decision in decisions],
            POLICY_VERSION, [model_version(each) for each in outcomes],
        )  # fmt: skip


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
