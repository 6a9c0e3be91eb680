"""One turn of a flow: from where the customer is and what he wrote to what the bot does next. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Literal

from flows import values
from flows.lines import lines
from flows.spec import Slot, Spec, filled

TRIES_MOST = 3
"""This many answers in a row that are none, or wrong codes, and a person helps."""
CODES_MOST = 3

Stage = Literal["slots", "email", "code", "confirm", "call"]


class Ended(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    LEFT = "left"
    HANDED_OVER = "handed_over"


class Do(StrEnum):
    """What the bot does with the turn."""

    SAY = "say"
    MAIL = "mail"
    """Mail a code to `state.email`, then say `text`."""
    CALL = "call"
    """Call the merchant with `state.values`."""
    HUMAN = "human"
    ASIDE = "aside"
    """The turn is about something else: decide it as if there were no flow."""


@dataclass(frozen=True, slots=True)
class State:
    """As stored. `tries`: failed answers in a row to what is being asked."""

    values: dict[str, str] = field(default_factory=dict)
    stage: Stage = "slots"
    asking: str = ""
    tries: int = 0
    email: str = ""
    codes: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Known:
    """`code` is what was mailed to `state.email`, None when there is none that may be used."""

    today: date
    is_proven: bool
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Next:
    do: Do
    state: State
    text: str = ""
    ended: Ended | None = None
    is_code_right: bool = False


def begin(spec: Spec, said: str, known: Known) -> Next:
    """The first turn: whatever the message already says is not asked again."""
    return _onwards(spec, _gathered(spec, State(), said, known), known)


def step(spec: Spec, state: State, said: str, known: Known, *, elsewhere: bool = False, switches: bool = False) -> Next:
    """A later turn. `elsewhere`: the message clearly speaks of something else, if it is no answer.

    `switches`: it is no answer, whatever it holds.
    """
    if switches and state.stage == "slots":
        return Next(Do.ASIDE, state, ended=Ended.LEFT)
    if values.STOP.match(said):
        return Next(Do.SAY, state, lines(spec.language).stopped, Ended.LEFT)
    if state.stage == "code":
        after = _code(spec, state, said, known)
    elif state.stage == "email":
        after = _email(spec, state, said)
    elif state.stage == "confirm":
        after = _confirm(spec, state, said, known)
    elif state.stage == "call":
        after = Next(Do.CALL, state)
    else:
        after = _slot(spec, state, said, known)
    is_answer = after.state != replace(state, tries=after.state.tries) or after.ended or after.do is not Do.SAY
    if elsewhere and (not is_answer or after.do is Do.HUMAN):
        return Next(Do.ASIDE, state, ended=Ended.LEFT)
    return after


def _slot(spec: Spec, state: State, said: str, known: Known) -> Next:
    gathered = _gathered(spec, state, said, known)
    slot = spec.slot(state.asking)
    if slot is None or slot.name in gathered.values:
        return _onwards(spec, gathered, known)
    return _again(replace(gathered, tries=state.tries), slot.again)


def _gathered(spec: Spec, state: State, said: str, known: Known) -> State:
    found = dict(state.values)
    for slot in spec.slots:
        if slot.name not in found or slot.name == state.asking:
            value = values.find(slot, said, known.today, asked=slot.name == state.asking)
            if value is not None:
                found[slot.name] = value
    return replace(state, values=found)


def _onwards(spec: Spec, state: State, known: Known) -> Next:
    """To the next thing that is missing."""
    missing = next((slot for slot in spec.slots if slot.name not in state.values), None)
    if missing is not None:
        return Next(Do.SAY, _at(state, "slots", missing.name), missing.ask)
    if not known.is_proven:
        return Next(Do.SAY, _at(state, "email"), lines(spec.language).ask_email)
    if spec.confirm is not None:
        return Next(Do.SAY, _at(state, "confirm"), filled(spec.confirm, dict(state.values)))
    return Next(Do.CALL, _at(state, "call"))


def _email(spec: Spec, state: State, said: str) -> Next:
    email = values.find_email(said)
    if email is None:
        return _again(state, lines(spec.language).email_again)
    return _mail(spec, replace(state, email=email))


def _mail(spec: Spec, state: State) -> Next:
    if state.codes >= CODES_MOST:
        return Next(Do.HUMAN, state, f"{CODES_MOST} codes were sent and none came back", Ended.HANDED_OVER)
    sent = replace(_at(state, "code"), codes=state.codes + 1)
    return Next(Do.MAIL, sent, lines(spec.language).code_sent.format(email=sent.email))


def _code(spec: Spec, state: State, said: str, known: Known) -> Next:
    typed, own = values.find_code(said), lines(spec.language)
    if typed is None:
        other = values.find_email(said)
        if other is not None and other != state.email:
            return _mail(spec, replace(state, email=other))
        return _mail(spec, state) if values.AGAIN.search(said) else _again(state, own.code_wrong)
    if known.code is None:
        return _again(state, own.code_old)
    if typed != known.code:
        return _again(state, own.code_wrong)
    return replace(_onwards(spec, state, replace(known, is_proven=True)), is_code_right=True)


def _confirm(spec: Spec, state: State, said: str, known: Known) -> Next:
    if values.NO.match(said):
        return Next(Do.SAY, state, lines(spec.language).not_done, Ended.LEFT)
    if values.YES.match(said):
        return Next(Do.CALL, _at(state, "call"))
    corrected = _gathered(spec, replace(state, asking=""), said, known)
    changed = {slot.name: v for slot in spec.slots if (v := _corrected(slot, said, known)) is not None}
    if changed:
        return _onwards(spec, replace(corrected, values={**corrected.values, **changed}, tries=0), known)
    question = filled(spec.confirm or "", dict(state.values))
    return _again(state, lines(spec.language).yes_or_no.format(question=question))


def _corrected(slot: Slot, said: str, known: Known) -> str | None:
    return values.find(slot, said, known.today, asked=False)


def refused(spec: Spec, state: State, code: str) -> Next:
    """After the merchant said no with `code`."""
    refusal = spec.refusals.get(code)
    if refusal is None or refusal.then == "human":
        return Next(Do.HUMAN, state, f"the merchant refused: {code}", Ended.HANDED_OVER)
    text = filled(refusal.say, dict(state.values))
    if refusal.then == "end" or spec.slot(refusal.then) is None:
        return Next(Do.SAY, state, text, Ended.REFUSED)
    if state.tries + 1 >= TRIES_MOST:
        return Next(Do.HUMAN, state, f"the merchant refused again: {code}", Ended.HANDED_OVER)
    kept = {name: value for name, value in state.values.items() if name != refusal.then}
    return Next(Do.SAY, replace(state, values=kept, stage="slots", asking=refusal.then, tries=state.tries + 1), text)


def _again(state: State, text: str) -> Next:
    if state.tries + 1 >= TRIES_MOST:
        why = f"{TRIES_MOST} answers in a row could not be used ({state.asking or state.stage})"
        return Next(Do.HUMAN, replace(state, tries=state.tries + 1), why, Ended.HANDED_OVER)
    return Next(Do.SAY, replace(state, tries=state.tries + 1), text)


def _at(state: State, stage: Stage, asking: str = "") -> State:
    return replace(state, stage=stage, asking=asking, tries=0)
