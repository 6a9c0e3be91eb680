"""A flow tried without effect: what the bot would say, turn by turn. No letter goes out, no merchant is asked. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from flows import steps
from flows.spec import Spec, filled
from flows.steps import Do, Known, Next, State

CODE = "123456"
"""What stands for the code of the letter that is not sent."""


@dataclass(frozen=True, slots=True)
class Said:
    """`desk`: what would happen here, and does not."""

    who: Literal["customer", "bot", "desk"]
    text: str


@dataclass(frozen=True, slots=True)
class Merchant:
    """How he answers. `refuses` empty: he does it, and gives `gives`."""

    action: str
    gives: Sequence[str]
    needs_proof: bool
    refuses: str = ""


def rehearse(spec: Spec, merchant: Merchant, said: Sequence[str], today: date) -> Iterator[Said]:
    """Until the flow ends, or what was said does."""
    is_proven, state, after = not merchant.needs_proof, State(), None
    for number, text in enumerate(said):
        yield Said("customer", text)
        known = Known(today, is_proven, CODE if state.stage == "code" else None)
        after = steps.begin(spec, text, known) if number == 0 else steps.step(spec, state, text, known)
        is_proven = is_proven or after.is_code_right
        if after.do is Do.CALL:
            yield Said("desk", f"Here {merchant.action} is called{_with(after.state)}.")
            after = _answered(spec, merchant, after.state)
        yield from _told(after)
        state = after.state
        if after.ended is not None:
            return


def _told(after: Next) -> Iterator[Said]:
    if after.do is Do.HUMAN:
        yield Said("desk", f"Here a person takes over: {after.text}.")
        return
    if after.do is Do.MAIL:
        yield Said("desk", f"Here a code is mailed to {after.state.email}; type {CODE}.")
    yield Said("bot", after.text)
    if after.ended is not None:
        yield Said("desk", "Here the flow ends.")


def _with(state: State) -> str:
    given = ", ".join(f"{name} = {value}" for name, value in state.values.items())
    return f" with {given}" if given else ""


def _answered(spec: Spec, merchant: Merchant, state: State) -> Next:
    if merchant.refuses:
        return steps.refused(spec, state, merchant.refuses)
    samples = {name: f"‹{name}›" for name in merchant.gives}
    return Next(Do.SAY, state, filled(spec.done, {**samples, **state.values}), steps.Ended.DONE)
