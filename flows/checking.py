"""What is wrong with a flow as somebody wrote it, each with its place: its form, its names, and what its action needs.

Pure. An empty list: it can be kept.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from flows.spec import Slot, Spec
from supportdesk.api.refused import Wrong

PROBLEMS_MOST = 30
IN_WORDS = {
    "string_too_short": "it is empty",
    "string_too_long": "it is longer than {max_length} characters",
    "missing": "it is missing",
    "extra_forbidden": "a flow has nothing of this name",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "too_long": "at most {max_length} of them",
}
"""Where pydantic speaks to programmers."""


def problems(written: Mapping[str, Any], takes: Mapping[str, Any], gives: Mapping[str, Any]) -> list[Wrong]:
    """`takes` and `gives`: the action's JSON Schemas."""
    try:
        spec = Spec.model_validate(written)
    except ValidationError as error:
        return [_wrong(each) for each in error.errors(include_url=False, include_input=False)][:PROBLEMS_MOST]
    return list(_of_names(spec, names(takes), names(gives), takes.get("required", [])))[:PROBLEMS_MOST]


def names(schema: Mapping[str, Any]) -> list[str]:
    """What an object of this schema may hold."""
    return list(schema.get("properties", {}))


def _wrong(error: Any) -> Wrong:
    at = ".".join(str(part) for part in error["loc"] if part != "[key]")
    said = IN_WORDS.get(error["type"], "{msg}").format(msg=error["msg"], **error.get("ctx", {}))
    return Wrong(at[:100], said.removeprefix("Value error, "))


def _of_names(spec: Spec, taken: list[str], given: list[str], required: list[str]) -> Iterator[Wrong]:
    slots = [slot.name for slot in spec.slots]
    for number, slot in enumerate(spec.slots):
        yield from _of_slot(number, slot, slots)
    for name in required:
        if name not in slots:
            yield Wrong("slots", f"the action needs “{name}”: add a question for it")
    if taken:
        for number, name in enumerate(slots):
            if name not in taken:
                yield Wrong(f"slots.{number}.name", f"the action does not take “{name}”; it takes {_list(taken)}")
    yield from _of_text("confirm", spec.confirm or "", slots)
    yield from _of_text("done", spec.done, [*slots, *given])
    for code, refusal in spec.refusals.items():
        yield from _of_text(f"refusals.{code}.say", refusal.say, slots)
        if refusal.then not in ("end", "human", *slots):
            yield Wrong(f"refusals.{code}.then", f"“{refusal.then}” is no question of this flow")


def _of_slot(number: int, slot: Slot, slots: list[str]) -> Iterator[Wrong]:
    if slots.index(slot.name) != number:
        yield Wrong(f"slots.{number}.name", f"there is a “{slot.name}” already")
    try:
        fields = [name for _, name, _, _ in string.Formatter().parse(slot.shape) if name is not None]
    except ValueError:
        fields = []
    if fields != [""]:
        yield Wrong(f"slots.{number}.shape", "it needs {} once, where the value found stands")


def _of_text(at: str, text: str, known: list[str]) -> Iterator[Wrong]:
    for _, name, _, _ in string.Formatter().parse(text):
        if name is not None and name not in known:
            yield Wrong(at, f"{{{name}}} is not known here; there is {_list(known)}")


def _list(known: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in known) or "nothing"
