"""A turn's part in a flow: whether it goes on with one, and what the flow's step makes of the decision."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chat.lifecycle import Reason
from flows import turns as flows
from flows.steps import Do
from flows.turns import Move, Standing
from routing.claim import Turn
from routing.policy import SURE, Decision, Need
from routing.signals.reading import Signals

WORK_S = 7.0
"""Of the bot's deadline (10 s): routing before, and storing after, need the rest."""

SENTENCE = 5
"""A message of this many words that wants another flow is not an answer, even if it holds one."""


@dataclass(frozen=True, slots=True)
class Part:
    """`signals` with the flow that goes on; `moves` are the steps taken so far."""

    signals: Signals
    moves: tuple[Move, ...] = ()


def go_on(standing: Standing, signals: Signals, text: str) -> Part:
    """A clear wish for something else leaves the flow, unless the message answers what was asked."""
    if standing.run is None:
        return Part(signals)
    under_way = standing.run.flow.intent
    intent = signals.intent
    elsewhere = intent is not None and intent.confidence >= SURE and intent.name != under_way
    spoken = standing.speaking(signals.language)
    switches = elsewhere and intent is not None and intent.name in spoken and len(text.split()) >= SENTENCE
    moved = flows.go_on(standing.run, text, elsewhere=elsewhere, switches=switches)
    if moved.next.do is Do.ASIDE:
        return Part(signals, (moved,))
    return Part(replace(signals, flow=under_way), (moved,))


def steps_of(
    decision: Decision, signals: Signals, moves: tuple[Move, ...], standing: Standing, turn: Turn
) -> tuple[Move, ...]:
    """All steps of a turn whose decision is to go on with a flow or to begin one; an older flow left comes first."""
    if decision.rule == "in_a_flow" or signals.intent is None:
        return moves
    flow_id = standing.flows[signals.intent.name, signals.language]
    return (*moves, flows.begin(flow_id, turn.conversation_id, turn.text))


def needs_work(moves: tuple[Move, ...]) -> bool:
    return bool(moves) and moves[-1].next.do in (Do.MAIL, Do.CALL)


def worked(moves: tuple[Move, ...]) -> tuple[Move, ...]:
    """With the mail sent or the merchant called. Takes seconds."""
    return (*moves[:-1], flows.perform(moves[-1], WORK_S))


def after(decision: Decision, moves: tuple[Move, ...], need: Need) -> Decision:
    """The same decision, or a handoff where the flow needs a person."""
    last = moves[-1].next
    if last.do is not Do.HUMAN:
        return decision
    return Decision("human", "flow_needs_a_person", last.text, reason=Reason.BOT_FAILED, need=need)
