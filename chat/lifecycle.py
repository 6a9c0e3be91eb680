"""The life of a conversation: states, triggers, and the one table that says what leads where.

Pure. A (state, trigger) pair that is not in TRANSITIONS is an IllegalTransition; nothing else decides a state.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    BOT = "bot"
    QUEUED = "queued"
    OFFERED = "offered"
    ASSIGNED = "assigned"
    CALLBACK = "callback"
    CLOSED = "closed"


class Owner(StrEnum):
    BOT = "bot"
    QUEUE = "queue"
    AGENT = "agent"
    CALLBACK = "callback"


class Trigger(StrEnum):
    HANDOFF_REQUESTED = "handoff_requested"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    OFFER_EXPIRED = "offer_expired"
    AGENT_LOST = "agent_lost"  # presence gone past grace
    AGENT_SILENT = "agent_silent"  # a customer waits past the reply deadline
    RELEASED = "released"
    TRANSFERRED = "transferred"
    STEPPED_IN = "stepped_in"  # a supervisor writes, too
    STEPPED_OUT = "stepped_out"
    TAKEN_OVER = "taken_over"  # by a supervisor
    RETURNED_TO_BOT = "returned_to_bot"
    PROMISED = "promised"  # a dated callback
    CALLBACK_DUE = "callback_due"
    TAKEN_UP = "taken_up"  # an agent takes a callback by hand
    RESOLVED = "resolved"  # closed by customer, agent or desk
    IDLE_CLOSED = "idle_closed"
    REOPENED = "reopened"


class Reason(StrEnum):
    """Why a conversation was handed to people."""

    ASKED = "asked"
    POLICY = "policy"
    BOT_FAILED = "bot_failed"
    BOT_SILENT = "bot_silent"
    HUMAN_ONLY = "human_only"
    GOVERNOR = "governor"


class IllegalTransition(Exception):
    """The trigger is not possible in this state."""

    def __init__(self, state: State, trigger: Trigger) -> None:
        super().__init__(f"{trigger} is not possible while {state}")
        self.state = state
        self.trigger = trigger


OWNER: dict[State, Owner | None] = {
    State.BOT: Owner.BOT,
    State.QUEUED: Owner.QUEUE,
    State.OFFERED: Owner.QUEUE,
    State.ASSIGNED: Owner.AGENT,
    State.CALLBACK: Owner.CALLBACK,
    State.CLOSED: None,
}

_S, _T = State, Trigger
TRANSITIONS: dict[tuple[State, Trigger], State] = {
    (_S.BOT, _T.HANDOFF_REQUESTED): _S.QUEUED,
    (_S.BOT, _T.RESOLVED): _S.CLOSED,
    (_S.BOT, _T.IDLE_CLOSED): _S.CLOSED,
    (_S.QUEUED, _T.OFFERED): _S.OFFERED,
    (_S.QUEUED, _T.PROMISED): _S.CALLBACK,
    (_S.QUEUED, _T.RETURNED_TO_BOT): _S.BOT,
    (_S.QUEUED, _T.TRANSFERRED): _S.QUEUED,
    (_S.QUEUED, _T.RESOLVED): _S.CLOSED,
    (_S.OFFERED, _T.ACCEPTED): _S.ASSIGNED,
    (_S.OFFERED, _T.DECLINED): _S.QUEUED,
    (_S.OFFERED, _T.OFFER_EXPIRED): _S.QUEUED,
    (_S.OFFERED, _T.AGENT_LOST): _S.QUEUED,
    (_S.OFFERED, _T.RESOLVED): _S.CLOSED,
    (_S.ASSIGNED, _T.RELEASED): _S.QUEUED,
    (_S.ASSIGNED, _T.AGENT_LOST): _S.QUEUED,
    (_S.ASSIGNED, _T.AGENT_SILENT): _S.QUEUED,
    (_S.ASSIGNED, _T.TRANSFERRED): _S.QUEUED,
    (_S.ASSIGNED, _T.STEPPED_IN): _S.ASSIGNED,
    (_S.ASSIGNED, _T.STEPPED_OUT): _S.ASSIGNED,
    (_S.ASSIGNED, _T.TAKEN_OVER): _S.ASSIGNED,
    (_S.ASSIGNED, _T.RETURNED_TO_BOT): _S.BOT,
    (_S.ASSIGNED, _T.PROMISED): _S.CALLBACK,
    (_S.ASSIGNED, _T.RESOLVED): _S.CLOSED,
    (_S.ASSIGNED, _T.IDLE_CLOSED): _S.CLOSED,
    (_S.CALLBACK, _T.HANDOFF_REQUESTED): _S.QUEUED,
    (_S.CALLBACK, _T.CALLBACK_DUE): _S.QUEUED,
    (_S.CALLBACK, _T.PROMISED): _S.CALLBACK,
    (_S.CALLBACK, _T.TAKEN_UP): _S.ASSIGNED,
    (_S.CALLBACK, _T.RESOLVED): _S.CLOSED,
    (_S.CLOSED, _T.REOPENED): _S.BOT,
}


def next_state(state: State, trigger: Trigger) -> State:
    """Where `trigger` leads from `state`.

    Raises:
        IllegalTransition: the pair is not in the table.
    """
    try:
        return TRANSITIONS[state, trigger]
    except KeyError:
        raise IllegalTransition(state, trigger) from None


def grid() -> str:
    """The whole table as Markdown, one row a state, one column a trigger (docs and tests print it)."""
    head = "| | " + " | ".join(Trigger) + " |\n|" + "---|" * (len(Trigger) + 1)
    rows = (f"| {s} | " + " | ".join(TRANSITIONS.get((s, t), "-") for t in Trigger) + " |" for s in State)
    return "\n".join([head, *rows])
