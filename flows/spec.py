"""What an operator writes to define a flow: its slots, what is asked, and what is said in the end."""

from __future__ import annotations

import string
from typing import Annotated, Any, Literal

import re2
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

Line = Annotated[str, StringConstraints(min_length=1, max_length=600)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
PATTERN_CHARS = 200


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Slot(Part):
    """One thing to know. `pattern` has one group: what is kept, put into `shape` ("LO-{}")."""

    name: Name
    kind: Literal["pattern", "date", "choice", "text"]
    ask: Line
    again: Line
    """Asked where the answer is none."""
    pattern: Annotated[str, StringConstraints(max_length=PATTERN_CHARS)] = ""
    shape: str = "{}"
    choices: dict[str, list[str]] = {}
    """Value -> the words that mean it, for `choice`."""
    days_most: Annotated[int, Field(ge=1, le=730)] = 60
    """A date is from tomorrow to this many days ahead."""
    chars_most: Annotated[int, Field(ge=1, le=2000)] = 500

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            groups = re2.compile(pattern).groups
        except re2.error as error:
            raise ValueError(f"the pattern cannot be read: {error}") from None
        if pattern and groups != 1:
            raise ValueError("the pattern needs exactly one group: what is kept")
        return pattern

    @model_validator(mode="after")
    def _is_whole(self) -> Slot:
        if self.kind == "pattern" and not self.pattern:
            raise ValueError(f"slot {self.name}: a pattern slot needs a pattern")
        if self.kind == "choice" and not self.choices:
            raise ValueError(f"slot {self.name}: a choice slot needs choices")
        return self


class Refusal(Part):
    """What follows when the merchant refuses with a code: words, then another try at a slot, the end, or a person."""

    say: Line
    then: Literal["end", "human"] | Name = "human"


class Spec(Part):
    """`done` and `confirm` may name slots and, `done` only, what the action gives: "{status}"."""

    title: Line
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] = "en"
    """Of all that it says: it begins only for customers who write in it."""
    slots: list[Slot] = Field(max_length=8)
    confirm: Line | None = None
    done: Line
    refusals: dict[str, Refusal] = {}

    @model_validator(mode="after")
    def _templates_are_plain(self) -> Spec:
        for text in filter(None, (self.confirm, self.done, *(each.say for each in self.refusals.values()))):
            for _, name, form, _ in string.Formatter().parse(text):
                if name is not None and (not name.isidentifier() or form):
                    raise ValueError(f"{{{name}}} is no plain name: write only {{slot}} or {{answer}}")
        return self

    def slot(self, name: str) -> Slot | None:
        return next((each for each in self.slots if each.name == name), None)


VALUE_CHARS = 400


def filled(template: str, values: dict[str, Any]) -> str:
    """`template` with each {name} as text; values are data: their braces stay braces."""
    parts = string.Formatter().parse(template)
    return "".join(text + (shown(values.get(name)) if name is not None else "") for text, name, _, _ in parts).strip()


def shown(value: Any) -> str:
    text = "" if value is None else "yes" if value is True else "no" if value is False else str(value)
    return " ".join(text.split())[:VALUE_CHARS]
