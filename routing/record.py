"""What a decision's row keeps of its signals and its policy, and the same decision made again from the row. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import msgspec

from routing.policy import POLICY_VERSION, Decision, Policy, decide
from routing.signals.reading import Signals

AFTERWARDS: dict[str, frozenset[str | None]] = {
    "flow_needs_a_person": frozenset({"flow"}),
    "brain_wants_a_person": frozenset({"answer"}),
    "missed": frozenset({"answer"}),
    "missed_too_often": frozenset({"answer"}),
    "budget_spent": frozenset({"answer"}),
    "bot_failed": frozenset({"answer", "flow"}),
}
"""Rows whose rule may follow from what the bot's own work came to, with what `decide` had asked of it."""

Verdict = Literal["same", "followed", "other", "rules_changed", "not_kept"]


@dataclass(frozen=True, slots=True)
class Row:
    """A decision as stored (routing.models.Decision)."""

    route: str
    rule: str
    why: str
    reason: str
    policy_version: str
    model_version: str
    signals: Mapping[str, Any]
    policy: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Again:
    """`decision`: what the rules of this release make of the row; None where the row does not hold enough."""

    verdict: Verdict
    decision: Decision | None = None


def of_signals(signals: Signals | None) -> str:
    """As JSON."""
    return msgspec.json.encode(signals).decode() if signals is not None else "{}"


def of_policy(policy: Policy | None, signals: Signals | None) -> str:
    """The policy without what this turn's rules do not look at, as JSON."""
    if policy is None or signals is None:
        return "{}"
    intent = signals.intent.name if signals.intent else None
    bearing = replace(
        policy,
        intents={name: kept for name, kept in policy.intents.items() if name == intent},
        bars={name: bar for name, bar in policy.bars.items() if name in ("", intent)},
        flows=frozenset(policy.flows & {intent}),
        articles_in=policy.articles_in & {signals.foreign},
        valued_from=policy.valued_from if signals.value is not None else None,
        valued_priority=policy.valued_priority if signals.value is not None else 0,
    )
    return msgspec.json.encode(bearing).decode()


def signals_of(row: Row) -> Signals | None:
    return msgspec.convert(row.signals, Signals) if row.signals else None


def policy_of(row: Row) -> Policy | None:
    return msgspec.convert(row.policy, Policy) if row.policy else None


def again(row: Row) -> Again:
    """Decides once more from what the row keeps, by the rules of this release."""
    signals, policy = signals_of(row), policy_of(row)
    if signals is None or policy is None:
        return Again("not_kept")
    decision = decide(signals, policy)
    if row.policy_version != POLICY_VERSION:
        return Again("rules_changed", decision)
    if (decision.route, decision.rule, decision.reason or "", decision.why) == (
        row.route, row.rule, row.reason, row.why,
    ):  # fmt: skip
        return Again("same", decision)
    if decision.reply in AFTERWARDS.get(row.rule, ()):
        return Again("followed", decision)
    return Again("other", decision)
